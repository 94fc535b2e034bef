//! How the parts of the client are reached.

/// Parts of the tree of operations, and how they are reached from the part above.
macro_rules! tree {
    ($parent:ident: $($(#[$doc:meta])* $method:ident => $part:ident,)*) => {
        impl<'a> $parent<'a> {
            $($(#[$doc])*
            #[must_use]
            pub fn $method(&self) -> $part<'a> {
                $part(self.0)
            })*
        }

        $($(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $part<'a>(pub(crate) &'a crate::client::Client);)*
    };
}
pub(crate) use tree;
