//! The second factors of a user, which the API keeps in three places.

use alloc::{string::String, vec::Vec};

use super::{Steps, Work, everything, found};
use crate::{
    client::Client,
    engine::concat,
    error::Error,
    types::{AuthenticationMethod, Enrollment, PageQuery},
    users::{Users, tree},
};

tree! { Users:
    /// Multi-factor authentication as a whole.
    mfa => Mfa,
}

/// The second factors of a user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MfaStatus {
    /// Is there a second factor that works?
    pub enrolled: bool,
    /// Is there a recovery code?
    pub has_recovery_code: bool,
    /// All authentication methods, the first factors too.
    pub methods: Vec<AuthenticationMethod>,
    /// What is enrolled with Guardian.
    pub enrollments: Vec<Enrollment>,
    /// The providers of the older kind, from the `multifactor` of the user.
    pub providers: Vec<String>,
}

/// What a reset does besides removing every second factor.
#[derive(Clone, Copy, Debug, Default)]
pub struct MfaReset {
    /// Removes passkeys as well, which the user may sign in with.
    pub remove_passkeys: bool,
    /// Makes a new recovery code, in place of removing the one there is.
    pub regenerate_recovery_code: bool,
    /// Forgets every browser on which the user need not give a second factor.
    pub invalidate_remembered_browsers: bool,
    /// Ends all sessions.
    pub revoke_sessions: bool,
    /// Only reads, and tells which steps would be done.
    pub dry_run: bool,
}

/// What [`Mfa::reset`] did. It has no `Debug`: it may hold a recovery code.
#[derive(Clone)]
#[non_exhaustive]
pub struct MfaResetReport {
    /// The steps `authenticators`, `method ...`, `provider ...`, `rememberedBrowsers`, `sessions` and
    /// `recoveryCode`.
    pub steps: Steps,
    /// What there was before.
    pub before: MfaStatus,
    /// The new code, if one was made. Show it once and keep it nowhere.
    pub recovery_code: Option<String>,
}

fn is_one_of(method: &AuthenticationMethod, kinds: &[&str]) -> bool {
    let kind = method.kind.as_deref().unwrap_or_default();
    kinds.contains(&kind)
}

/// Does `DELETE /users/{id}/authenticators` remove it?
fn is_authenticator(method: &AuthenticationMethod) -> bool {
    is_one_of(method, &["totp", "push", "email", "phone", "guardian"])
}

fn is_factor(method: &AuthenticationMethod) -> bool {
    let others = ["password", "passkey", "recovery-code", "email-verification"];
    !is_one_of(method, &others) && method.confirmed != Some(false)
}

async fn status(client: &Client, id: &str) -> Result<MfaStatus, Error> {
    let users = client.users();
    let query = PageQuery {
        per_page: Some(100),
        ..PageQuery::default()
    };
    let providers = users.get(id).await?.multifactor.unwrap_or_default();
    let methods = users.authentication_methods().list(id, &query).await?;
    let methods = everything(methods).await?;
    let enrollments = users.enrollments().get(id).await?;
    let has_more = !enrollments.is_empty() || !providers.is_empty();
    Ok(MfaStatus {
        enrolled: has_more || methods.iter().any(is_factor),
        has_recovery_code: methods.iter().any(|own| is_one_of(own, &["recovery-code"])),
        methods,
        enrollments,
        providers,
    })
}

impl Mfa<'_> {
    /// Reads everything that is a second factor (`GET /users/{id}`,
    /// `GET /users/{id}/authentication-methods` and `GET /users/{id}/enrollments`). Fails with status
    /// 404 if there is no such user.
    pub async fn status(&self, id: &str) -> Result<MfaStatus, Error> {
        status(&Work::new(self.0, false).client(), id).await
    }

    /// Removes every second factor, so that the user is asked to enroll again
    /// (`DELETE /users/{id}/authenticators`, then
    /// `DELETE /users/{id}/authentication-methods/{authentication_method_id}` for each other method
    /// and `DELETE /users/{id}/multifactor/{provider}` for each provider); then what else is asked
    /// for.
    ///
    /// A step that fails does not keep the others from being done, except that a recovery code is
    /// made only if all else succeeded: who calls this again must not void a code that was given out.
    pub async fn reset(&self, id: &str, how: MfaReset) -> Result<MfaResetReport, Error> {
        let mut work = Work::new(self.0, how.dry_run);
        let before = status(&work.client(), id).await?;
        let has_any = !before.enrollments.is_empty() || before.methods.iter().any(is_authenticator);
        let reason = (!has_any).then_some("the user has none");
        let run = async |client: Client| client.users().authenticators().delete_all(id).await;
        work.step("authenticators", reason, run).await?;

        for method in &before.methods {
            let is_kept = is_one_of(method, &["password", "email-verification"])
                || is_one_of(method, &["passkey"]) && !how.remove_passkeys
                // A new code voids the old one by itself.
                || is_one_of(method, &["recovery-code"]) && how.regenerate_recovery_code;
            if is_kept || is_authenticator(method) {
                continue;
            }
            let run = async |client: Client| {
                let methods = client.users().authentication_methods();
                found(methods.delete(id, &method.id).await).map(drop)
            };
            let name = concat(&["method ", &method.id]);
            work.step(name, None, run).await?;
        }
        for provider in &before.providers {
            let run = async |client: Client| {
                let multifactor = client.users().multifactor();
                multifactor.delete_provider(id, provider).await
            };
            let name = concat(&["provider ", provider]);
            work.step(name, None, run).await?;
        }
        if how.invalidate_remembered_browsers {
            let run = async |client: Client| {
                let multifactor = client.users().multifactor();
                multifactor.invalidate_remember_browser(id).await
            };
            work.step("rememberedBrowsers", None, run).await?;
        }
        if how.revoke_sessions {
            let run = async |client: Client| client.users().sessions().delete(id).await;
            work.step("sessions", None, run).await?;
        }
        let mut recovery_code = None;
        if how.regenerate_recovery_code {
            let failed = work.steps.first_failed();
            let reason = failed.map(|step| concat(&[&step.name, " failed"]));
            let run = async |client: Client| {
                let code = found(client.users().regenerate_recovery_code(id).await)?;
                recovery_code = code.map(|code| code.recovery_code);
                Ok(())
            };
            work.step("recoveryCode", reason.as_deref(), run).await?;
        }
        Ok(MfaResetReport {
            steps: work.steps,
            before,
            recovery_code,
        })
    }
}
