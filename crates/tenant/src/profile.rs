//! What the tenant makes up for a profile that does not say.

use md5::{Digest, Md5};

use crate::model::{Profile, Text};

/// Fills name, nickname and picture of a new user.
pub(crate) fn fill(profile: &mut Profile) {
    let login = [&profile.email, &profile.username, &profile.phone_number]
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_default();
    let local = login.rsplit_once('@').map(|(local, _)| local.to_owned());
    let nickname = match (&local, &profile.username) {
        (Some(local), _) => local.as_str().into(),
        (None, Some(name)) => name.clone(),
        // A phone number is no nickname.
        (None, None) => Text::default(),
    };
    profile.name.get_or_insert_with(|| login.clone());
    profile.nickname.get_or_insert(nickname);
    profile
        .picture
        .get_or_insert_with(|| gravatar(&login).into());
}

/// The picture that gravatar has for an address, with the first two letters of it as a fallback.
pub(crate) fn gravatar(login: &str) -> String {
    let digest = Md5::digest(login.trim().to_lowercase().as_bytes());
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let initials: String = login
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(2)
        .collect();
    format!(
        "https://s.gravatar.com/avatar/{hash}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2F{}.png",
        initials.to_ascii_lowercase()
    )
}
