//! The rules of `lint`: one documented table.

macro_rules! rules {
    ($($variant:ident $name:literal $level:literal $meaning:literal $advice:literal;)*) => {
        /// A rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LintRule {
            $(#[doc = $meaning] $variant,)*
        }

        /// The table behind [`LintRule`].
        pub const LINT_RULES: &[LintRuleRow] = &[
            $(LintRuleRow { rule: LintRule::$variant, name: $name, level: $level, meaning: $meaning, advice: $advice },)*
        ];
    };
}

/// A row of [`LINT_RULES`].
#[derive(Clone, Copy, Debug)]
pub struct LintRuleRow {
    /// The rule.
    pub rule: LintRule,
    /// Its name in reports and comments.
    pub name: &'static str,
    /// `error` is found, and `warning` only with `--strict`.
    pub level: &'static str,
    /// What it finds.
    pub meaning: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

rules! {
    ImpossibleRequest "impossible-request" "error"
        "A body that no version of the API accepts."
        "Change what is named, or mark the test as one of a wrong body.";
    ImpossibleAnswer "impossible-answer" "error"
        "An answer that no cloud gives, in no version of the API."
        "Take the answer from a real cloud, or from `mockstack run`, at one version.";
    OtherVersion "other-version" "error"
        "A body or an answer that is right in other versions than the one that is named beside it, or with --microversion."
        "Use one of the versions that are named, or change what is named.";
    SecretInFixture "secret-in-fixture" "warning"
        "Something that looks like a real token, password or private key."
        "Put something in its place that nobody can use, and revoke it if it was real.";
}

impl LintRule {
    /// The row of the table.
    pub fn row(self) -> &'static LintRuleRow {
        // The enum and the table come from one list, in one order.
        &LINT_RULES[self as usize]
    }

    /// Does what it finds fail without `--strict`?
    pub fn is_error(self) -> bool {
        self.row().level == "error"
    }
}
