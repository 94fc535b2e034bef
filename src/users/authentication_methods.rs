//! What a user proves to be who they are with.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{
    AuthenticationMethod, CreateAuthenticationMethod, PageQuery, SetAuthenticationMethod,
    UpdateAuthenticationMethod,
};

impl AuthenticationMethods<'_> {
    /// Lists the authentication methods of a user, page by page.
    ///
    /// Fails with status 404 if there is no such user.
    ///
    /// `GET /users/{id}/authentication-methods` · `read:authentication_methods` · immediate ·
    /// idempotent
    pub async fn list(
        &self,
        id: &str,
        query: &PageQuery,
    ) -> Result<Page<AuthenticationMethod>, Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_LIST;
        self.0.list(operation, &[id], query).await
    }

    /// Adds an authentication method, confirmed from the start.
    ///
    /// Fails with status 403 if the user has as many as there may be, 404 if there is no such user,
    /// 409 if the user has the method.
    ///
    /// `POST /users/{id}/authentication-methods` · `create:authentication_methods` · immediate ·
    /// sent once
    pub async fn create(
        &self,
        id: &str,
        method: &CreateAuthenticationMethod,
    ) -> Result<AuthenticationMethod, Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_CREATE;
        self.0.call(operation, &[id], method).await
    }

    /// Puts these authentication methods in the place of all that the user has.
    ///
    /// The answer shows in clear what is masked later. Fails with status 403 if the user has a
    /// passkey, 409 if a method is there twice.
    ///
    /// `PUT /users/{id}/authentication-methods` · `update:authentication_methods` · immediate ·
    /// idempotent
    pub async fn set(
        &self,
        id: &str,
        methods: &[SetAuthenticationMethod],
    ) -> Result<Vec<AuthenticationMethod>, Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_SET;
        self.0.call(operation, &[id], methods).await
    }

    /// Removes all authentication methods.
    ///
    /// Fails with status 403 if the user has a passkey.
    ///
    /// `DELETE /users/{id}/authentication-methods` · `delete:authentication_methods` · immediate ·
    /// idempotent
    pub async fn delete_all(&self, id: &str) -> Result<(), Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_DELETE_ALL;
        self.0.call(operation, &[id], &()).await
    }

    /// Reads an authentication method.
    ///
    /// Fails with status 404 if there is no such user or method.
    ///
    /// `GET /users/{id}/authentication-methods/{authentication_method_id}` ·
    /// `read:authentication_methods` · immediate · idempotent
    pub async fn get(&self, id: &str, method_id: &str) -> Result<AuthenticationMethod, Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_GET;
        self.0.call(operation, &[id, method_id], &()).await
    }

    /// Removes an authentication method.
    ///
    /// Fails with status 404 if there is no such user or method.
    ///
    /// `DELETE /users/{id}/authentication-methods/{authentication_method_id}` ·
    /// `delete:authentication_methods` · immediate · idempotent
    pub async fn delete(&self, id: &str, method_id: &str) -> Result<(), Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_DELETE;
        self.0.call(operation, &[id, method_id], &()).await
    }

    /// Changes the name of an authentication method, or how it is used.
    ///
    /// Fails with status 404 if there is no such user or method.
    ///
    /// `PATCH /users/{id}/authentication-methods/{authentication_method_id}` ·
    /// `update:authentication_methods` · immediate · idempotent
    pub async fn update(
        &self,
        id: &str,
        method_id: &str,
        changes: &UpdateAuthenticationMethod,
    ) -> Result<AuthenticationMethod, Error> {
        let operation = &op::USERS_AUTHENTICATION_METHODS_UPDATE;
        self.0.call(operation, &[id, method_id], changes).await
    }
}
