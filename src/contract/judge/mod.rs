//! One walk over a schema says what is wrong in all versions; the refusal and the fix follow from that.

mod answer;
mod case;
mod cinder;
mod complaint;
mod glance;
mod judgement;
mod neutron;
mod other_version;
mod remedy;
mod walk;

pub use answer::{AnswerTo, judge_answer};
pub use case::judge_case;
pub use complaint::complaint;
pub use judgement::Judgement;
pub use remedy::{Edit, Remedy};
pub use walk::{refuses, walk};
