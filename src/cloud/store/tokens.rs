//! The issued tokens: expired ones are dropped, and a user has a limited number in a project.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashMap;
use jiff::Timestamp;

use super::caller::Caller;
use super::token::Token;

/// The most tokens of a user in a project; of more the oldest ends.
const MOST: usize = 10_000;

/// User and project.
type Owner = (String, Option<String>);

/// The tokens that were issued, by their text.
#[derive(Debug, Default)]
pub struct Tokens {
    by_text: HashMap<Arc<str>, (u64, Token)>,
    /// In the order in which they were issued, which is that in which they end.
    by_age: BTreeMap<u64, Arc<str>>,
    by_owner: BTreeMap<Owner, BTreeSet<u64>>,
    issued: u64,
}

impl Tokens {
    /// The token `text`, also if it is over.
    pub fn get(&self, text: &str) -> Option<&Token> {
        self.by_text.get(text).map(|(_, token)| token)
    }

    /// Puts a token there, and lets those go that are over `now`.
    pub fn insert(&mut self, text: &str, token: Token, now: Timestamp) {
        while let Some(oldest) = self.by_age.first_entry().map(|oldest| Arc::clone(oldest.get())) {
            if self.get(&oldest).is_some_and(|token| token.expires_at > now) {
                break;
            }
            self.remove(&oldest);
        }
        let text: Arc<str> = text.into();
        self.issued += 1;
        let own = self.by_owner.entry(owner(&token)).or_default();
        own.insert(self.issued);
        let oldest = (own.len() > MOST).then(|| own.first().copied()).flatten();
        self.by_age.insert(self.issued, Arc::clone(&text));
        self.by_text.insert(text, (self.issued, token));
        if let Some(oldest) = oldest.and_then(|oldest| self.by_age.get(&oldest)).cloned() {
            self.remove(&oldest);
        }
    }

    /// Takes the token away.
    pub fn remove(&mut self, text: &str) -> Option<Token> {
        let (age, token) = self.by_text.remove(text)?;
        self.by_age.remove(&age);
        let owner = owner(&token);
        if let Some(own) = self.by_owner.get_mut(&owner) {
            own.remove(&age);
            if own.is_empty() {
                self.by_owner.remove(&owner);
            }
        }
        Some(token)
    }

    /// Gives each token the caller that it has now, and lets those go that have none.
    pub fn follow(&mut self, now: impl Fn(&Token) -> Option<Caller>) {
        let mut gone = Vec::new();
        for (text, (_, token)) in &mut self.by_text {
            match now(token) {
                Some(caller) if *token.caller == caller => {}
                Some(caller) => token.caller = Arc::new(caller),
                None => gone.push(Arc::clone(text)),
            }
        }
        for text in gone {
            self.remove(&text);
        }
    }

    /// Lets those go that are not `wanted`.
    pub fn retain(&mut self, wanted: impl Fn(&Token) -> bool) {
        let unwanted = self.by_text.iter().filter(|(_, (_, token))| !wanted(token));
        let unwanted: Vec<Arc<str>> = unwanted.map(|(text, _)| Arc::clone(text)).collect();
        for text in unwanted {
            self.remove(&text);
        }
    }
}

fn owner(token: &Token) -> Owner {
    (token.caller.user.clone(), token.caller.project.clone())
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn token(user: &str, issued_at: Timestamp) -> Token {
        Token {
            caller: Arc::new(Caller { user: user.to_owned(), ..Caller::default() }),
            methods: Vec::new(),
            application_credential: None,
            issued_at,
            expires_at: issued_at + SignedDuration::from_secs(60),
            audit_ids: Vec::new(),
        }
    }

    #[test]
    fn tokens_that_are_over_and_those_of_a_greedy_user_go() {
        let (mut tokens, start) = (Tokens::default(), Timestamp::UNIX_EPOCH);
        tokens.insert("modest", token("modest", start), start);
        for number in 0..MOST + 5 {
            tokens.insert(&number.to_string(), token("greedy", start), start);
        }
        assert!(tokens.get("4").is_none() && tokens.get("5").is_some() && tokens.get("modest").is_some());
        assert_eq!(tokens.by_text.len(), MOST + 1);
        assert!(tokens.remove("5").is_some() && tokens.remove("5").is_none());
        let later = start + SignedDuration::from_secs(61);
        tokens.insert("new", token("greedy", later), later);
        assert_eq!((tokens.by_text.len(), tokens.by_age.len(), tokens.by_owner.len()), (1, 1, 1));
        tokens.retain(|_| false);
        assert!(tokens.by_text.is_empty() && tokens.by_age.is_empty() && tokens.by_owner.is_empty());
    }
}
