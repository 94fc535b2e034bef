//! A local Auth0 tenant: the server side of the users operations, in memory.
