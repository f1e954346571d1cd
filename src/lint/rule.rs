//! The rules of `lint`: one documented table.

macro_rules! rules {
    ($($variant:ident $name:literal $level:ident $meaning:literal $advice:literal;)*) => {
        /// A rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LintRule {
            $(#[doc = $meaning] $variant,)*
        }

        /// The table behind [`LintRule`].
        pub const LINT_RULES: &[LintRuleRow] = &[
            $(LintRuleRow { rule: LintRule::$variant, name: $name, level: LintLevel::$level, meaning: $meaning, advice: $advice },)*
        ];
    };
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintLevel {
    /// It fails.
    Error,
    /// It fails with `--strict`.
    Warning,
}

impl LintLevel {
    /// As SARIF and annotations call it.
    pub fn name(self) -> &'static str {
        match self {
            LintLevel::Error => "error",
            LintLevel::Warning => "warning",
        }
    }
}

/// A row of [`LINT_RULES`].
#[derive(Clone, Copy, Debug)]
pub struct LintRuleRow {
    /// The rule.
    pub rule: LintRule,
    /// Its name in reports and comments.
    pub name: &'static str,
    /// How bad what it finds is.
    pub level: LintLevel,
    /// What it finds.
    pub meaning: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

rules! {
    ImpossibleRequest "impossible-request" Error
        "A body that no version of the API accepts."
        "Change what is named, or mark the test as one of a wrong body.";
    ImpossibleAnswer "impossible-answer" Error
        "An answer that no cloud gives, in no version of the API."
        "Take the answer from a real cloud, or from `mockstack run`, at one version.";
    OtherVersion "other-version" Error
        "A body or an answer that is right in other versions than the one that is named beside it, or with --microversion."
        "Use one of the versions that are named, or change what is named.";
    SecretInFixture "secret-in-fixture" Warning
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
        self.row().level == LintLevel::Error
    }
}
