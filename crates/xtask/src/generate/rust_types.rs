//! The Rust types of the wire: `src/types/`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use indexmap::IndexMap;

use super::description::{Description, Operation, Query, Text, Type, bare, resource_of};
use super::rust::{doc_comment, field_name, type_of};

/// The module of structs that operations of several modules share.
const SHARED: &str = "shared";

/// How a struct is declared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// By the macro for what is received.
    Answer,
    /// By the macro for what is sent.
    Request,
    /// As what is received, without `Debug`.
    Secret,
    /// As what is sent, of references.
    Borrowed,
}

/// A Rust struct, made of one or several types of the description.
struct Struct<'a> {
    kind: Kind,
    modules: BTreeSet<&'a str>,
    doc: Text,
    /// The names in TypeScript.
    names: Vec<&'a str>,
    fields: Members,
}

/// Fields by their names on the wire.
type Members = IndexMap<String, Member>;

/// A field of a struct.
struct Member {
    /// The type in the description.
    kind: String,
    /// The whole type in Rust, where it is not the usual one.
    rust_type: Option<String>,
    doc: Text,
    is_required: bool,
    is_nullable: bool,
    is_parameter: bool,
}

/// The files, each with its name.
pub fn files(description: &Description) -> Result<Vec<(String, String)>> {
    let structs = structs(description)?;
    let shared = Text::Line("What operations of several resources take.".to_owned());
    let modules = description.types.iter();
    let modules = modules.map(|(name, module)| (name.as_str(), &module.doc));
    let homes = homes(description, &structs);
    let mut files = Vec::new();
    for (module, doc) in modules.chain([(SHARED, &shared)]) {
        let is_here = |own: &Struct<'_>| match own.modules.len() {
            1 => own.modules.contains(module),
            _ => module == SHARED,
        };
        let mut code = String::new();
        for (kind, start, end) in [
            (Kind::Answer, "answer! {\n", "}\n"),
            (Kind::Request, "request! {\n", "}\n"),
            (Kind::Secret, "", ""),
            (Kind::Borrowed, "", ""),
        ] {
            let own = structs
                .iter()
                .filter(|(_, own)| own.kind == kind && is_here(own));
            let declared: Vec<_> = own
                .map(|(name, own)| struct_code(description, name, own))
                .collect::<Result<_>>()?;
            if !declared.is_empty() {
                code.push_str(&format!("\n{start}{}{end}", declared.join("\n")));
            }
        }
        let doc = doc.lines().join(" ");
        let file = module.replace('-', "_");
        let mut imports = String::new();
        for (home, names) in imported(&code, &homes, &file) {
            let names: Vec<_> = names.into_iter().collect();
            imports.push_str(&format!("use super::{home}::{{{}}};\n", names.join(", ")));
        }
        let code = format!("//! {doc}\n\n{imports}use super::wire::*;\n{code}");
        files.push((format!("{file}.rs"), code));
    }
    Ok(files)
}

/// The module of each struct, and of the types that are written by hand.
fn homes<'a>(
    description: &'a Description,
    structs: &IndexMap<&'a str, Struct<'a>>,
) -> BTreeMap<&'a str, String> {
    let by_hand = description
        .types
        .values()
        .flat_map(|module| module.types.values())
        .filter(|declared| declared.by_hand)
        .filter_map(|declared| Some((declared.rust.as_deref()?, "custom".to_owned())));
    let generated = structs.iter().map(|(name, own)| {
        let mut modules = own.modules.iter();
        let module = modules.next().filter(|_| modules.next().is_none());
        (*name, module.unwrap_or(&SHARED).replace('-', "_"))
    });
    by_hand.chain(generated).collect()
}

/// The types of other modules that a module mentions.
fn imported<'a>(
    code: &'a str,
    homes: &'a BTreeMap<&str, String>,
    own: &str,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    // Neither comments nor attributes, which hold names in TypeScript.
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with(['/', '#']));
    let words =
        lines.flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')));
    let mut imported: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for word in words {
        if let Some(home) = homes.get(word).filter(|home| *home != own) {
            imported.entry(home).or_default().insert(word);
        }
    }
    imported
}

/// The structs that are generated, in the order of the description.
fn structs(description: &Description) -> Result<IndexMap<&str, Struct<'_>>> {
    let sent = description.sent_types();
    let mut structs = IndexMap::new();
    for (module, declared) in &description.types {
        for (name, declared) in &declared.types {
            let Some(rust) = declared.rust.as_ref().filter(|_| !declared.by_hand) else {
                continue;
            };
            let new = Struct {
                kind: match (declared.borrowed, declared.secret) {
                    (true, _) => Kind::Borrowed,
                    (_, true) => Kind::Secret,
                    _ if sent.contains(name.as_str()) => Kind::Request,
                    _ => Kind::Answer,
                },
                modules: [module.as_str()].into(),
                doc: declared.rust_doc.or(&declared.doc).clone(),
                names: vec![name],
                fields: members(description, declared),
            };
            add(&mut structs, rust, new)?;
        }
    }
    for (name, operation) in &description.operations {
        if let Some(query) = &operation.query
            && let Some(rust) = &query.rust
        {
            let resource = description.resources.get(resource_of(name));
            let new = Struct {
                kind: if query.borrowed {
                    Kind::Borrowed
                } else {
                    Kind::Request
                },
                modules: resource
                    .iter()
                    .map(|resource| resource.module.as_str())
                    .collect(),
                doc: query.doc.clone(),
                names: vec![&query.name],
                fields: parameters(description, operation, query)?,
            };
            add(&mut structs, rust, new)?;
        }
    }
    Ok(structs)
}

/// Adds a type to the struct of that name.
fn add<'a>(
    structs: &mut IndexMap<&'a str, Struct<'a>>,
    name: &'a str,
    new: Struct<'a>,
) -> Result<()> {
    let Some(own) = structs.get_mut(name) else {
        structs.insert(name, new);
        return Ok(());
    };
    ensure!(
        own.kind == new.kind,
        "the Rust struct {name} is made of types that are used in different ways"
    );
    own.modules.extend(new.modules);
    own.names.extend(new.names);
    own.doc = own.doc.or(&new.doc).clone();
    merge(&mut own.fields, new.fields);
    Ok(())
}

/// Adds the fields of another type. One that both have is required only if both require it.
fn merge(fields: &mut Members, more: Members) {
    for (name, member) in more {
        match fields.get_mut(&name) {
            Some(own) => {
                own.is_required &= member.is_required;
                own.doc = own.doc.or(&member.doc).clone();
            }
            None => {
                fields.insert(name, member);
            }
        }
    }
}

/// The fields of a type, or of the types that it is one of.
fn members(description: &Description, declared: &Type) -> Members {
    if let Some(alias) = &declared.alias {
        let alternatives = alias.split(" | ").filter_map(|name| description.find(name));
        let mut all = Members::new();
        for alternative in alternatives {
            let is_first = all.is_empty();
            let mut members = members(description, alternative);
            for (name, own) in &mut all {
                own.is_required &= members.contains_key(name);
            }
            for (name, member) in &mut members {
                member.is_required &= is_first || all.contains_key(name);
            }
            merge(&mut all, members);
        }
        return all;
    }
    let fields = description.fields_of(declared).into_iter();
    fields
        .filter(|(_, field)| field.kind != "never")
        .map(|(name, field)| {
            let member = Member {
                kind: field.kind.clone(),
                rust_type: field.rust_type.clone(),
                doc: field.rust_doc.or(&field.doc).clone(),
                is_required: field.required,
                is_nullable: field.nullable,
                is_parameter: false,
            };
            (name.clone(), member)
        })
        .collect()
}

/// The query parameters of an operation; those that a borrowed struct holds are the required ones.
fn parameters(description: &Description, operation: &Operation, query: &Query) -> Result<Members> {
    let parameters = description.query_of(operation)?.into_iter();
    let own = parameters.filter(|(_, parameter)| parameter.required || !query.borrowed);
    let members = own.map(|(name, parameter)| {
        let member = Member {
            doc: parameter.rust_doc.or(&parameter.doc).clone(),
            kind: parameter.kind.unwrap_or_default(),
            rust_type: None,
            is_required: parameter.required,
            is_nullable: false,
            is_parameter: true,
        };
        (name, member)
    });
    Ok(members.collect())
}

fn struct_code(description: &Description, name: &str, own: &Struct<'_>) -> Result<String> {
    let is_in_macro = matches!(own.kind, Kind::Answer | Kind::Request);
    let (indent, is_public) = (if is_in_macro { 4 } else { 0 }, own.kind != Kind::Borrowed);
    let space = " ".repeat(indent);
    let mut code = if is_public {
        ensure!(!own.doc.is_empty(), "the Rust struct {name} needs a doc");
        doc_comment(description, &own.doc, indent)
    } else {
        String::new()
    };
    for alias in own.names.iter().filter(|alias| **alias != name) {
        code.push_str(&format!("{space}#[doc(alias = {alias:?})]\n"));
    }
    let (attributes, visibility, generics) = match own.kind {
        Kind::Answer | Kind::Request => ("", "pub", ""),
        Kind::Secret => (
            "#[derive(Clone, PartialEq, Eq, Deserialize)]\n#[non_exhaustive]\n",
            "pub",
            "",
        ),
        Kind::Borrowed => ("#[derive(Serialize)]\n", "pub(crate)", "<'a>"),
    };
    code.push_str(&format!(
        "{attributes}{space}{visibility} struct {name}{generics} {{\n"
    ));
    for (wire, member) in &own.fields {
        let inner = format!("{space}    ");
        if is_public {
            ensure!(
                !member.doc.is_empty(),
                "{wire} of {} needs a doc, which Rust requires",
                own.names.join(", ")
            );
            code.push_str(&doc_comment(
                description,
                &member.doc,
                indent.saturating_add(4),
            ));
        }
        let field = field_name(wire);
        if field != *wire {
            code.push_str(&format!("{inner}#[serde(rename = {wire:?})]\n"));
        }
        let kind = member_type(description, own.kind, wire, member)
            .with_context(|| format!("{wire} of {} has no Rust type", own.names.join(", ")))?;
        code.push_str(&format!("{inner}{visibility} {field}: {kind},\n"));
    }
    code.push_str(&format!("{space}}}\n"));
    Ok(code)
}

/// The type of a field. What is received may lack everything but an id.
fn member_type(description: &Description, of: Kind, wire: &str, member: &Member) -> Option<String> {
    if let Some(rust) = &member.rust_type {
        return Some(rust.clone());
    }
    if of == Kind::Borrowed {
        return borrowed_type(description, &member.kind);
    }
    let kind = type_of(description, &member.kind, member.is_parameter)?;
    Some(match of {
        Kind::Answer if wire != "id" => format!("Option<{kind}>"),
        Kind::Request if !member.is_required && member.is_nullable => format!("Field<{kind}>"),
        // An empty list is not sent.
        Kind::Request if !member.is_required && !kind.starts_with("Vec<") => {
            format!("Option<{kind}>")
        }
        _ => kind,
    })
}

/// The type of a reference: `&'a str`, `&'a [&'a str]`, `&'a [Permission]`.
pub fn borrowed_type(description: &Description, kind: &str) -> Option<String> {
    Some(match kind.strip_suffix("[]") {
        Some("string") => "&'a [&'a str]".to_owned(),
        Some(item) => format!("&'a [{}]", type_of(description, bare(item), false)?),
        None if kind == "string" => "&'a str".to_owned(),
        None => format!("&'a {}", type_of(description, kind, false)?),
    })
}
