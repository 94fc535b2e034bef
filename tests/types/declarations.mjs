// What the TypeScript and the Rust sources declare, for tests that compare them.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import ts from "typescript";

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const read = (relative) => readFileSync(path(relative), "utf8");
const rustFiles = (directory) =>
  readdirSync(path(directory), { recursive: true }).filter((name) => name.endsWith(".rs"));

/** The rows of the table of operations. */
export function table() {
  const text = read("crates/core/src/operations.rs");
  const constants = Object.fromEntries(
    [...text.matchAll(/^const (\w+): &str = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]),
  );
  const words = (source) =>
    JSON.parse(constants[source] ?? source)
      .split(" ")
      .filter(Boolean);
  const row = /^ {4}([A-Z_]+) = "([\w.]+)" (\w+) "(\S+)" (.+?) => (\S+), (Idempotent|NotIdempotent), &(\[.*\]);$/gm;
  const [, needsAll] = /fn needs_all_scopes[^]*?self\.name == (\w+)\.name/.exec(text);
  return [...text.matchAll(row)].map(([, constant, name, method, path, input, output, idempotency, list]) => {
    const scopes = JSON.parse(list);
    const named = scopes.map((scope) => `\`${scope}\``).join(constant === needsAll ? " and " : " or ");
    const endpoint = `${method.toUpperCase()} ${path}`;
    const [, required, optional] = /^Query\((.+), (.+)\)$/.exec(input) ?? [];
    return {
      constant,
      name,
      endpoint,
      /** The last line of its documentation, up to what the table does not know. */
      footer: `\`${endpoint}\` · ${named} · `,
      sentOnce: idempotency === "NotIdempotent",
      ids: [...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => id),
      takesInput: input !== "Nothing",
      mustHaveInput: /^(Body|Items|Form)$/.test(input) || (required !== undefined && words(required).length > 0),
      query: required && { required: words(required), optional: words(optional) },
      gives: /^(Offset|Checkpoint)/.test(output) ? "page" : /Nothing$/.test(output) ? "nothing" : "data",
      scopes,
    };
  });
}

/** The package's declarations. */
export function typescript() {
  const file = path("tests/node_modules/auth0-users/index.d.cts");
  const program = ts.createProgram([file], { strict: true, lib: ["lib.es2022.d.ts"], types: [] });
  const checker = program.getTypeChecker();
  const origin = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const exportsOf = (symbol) => new Map(checker.getExportsOfModule(symbol).map((one) => [one.name, origin(one)]));
  const exported = exportsOf(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const typeNamed = (name) => checker.getDeclaredTypeOfSymbol(exported.get(name));

  /** Which of JSON's kinds of value a type has. */
  function kinds(type) {
    if (type.isTypeParameter()) return kinds(checker.getBaseConstraintOfType(type) ?? checker.getAnyType());
    if (type.isUnion()) return type.types.flatMap(kinds);
    if (type.isIntersection()) return type.types.flatMap(kinds).filter((kind) => kind === "string");
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLike) return ["string"];
    if (flags & ts.TypeFlags.NumberLike) return ["number"];
    if (flags & ts.TypeFlags.BooleanLike) return ["boolean"];
    if (flags & ts.TypeFlags.Null) return ["null"];
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never)) return [];
    return checker.isArrayType(type) ? ["array"] : ["object"];
  }

  function fields(type) {
    const fields = checker.getPropertiesOfType(type).map((symbol) => ({
      name: symbol.name,
      kinds: new Set(kinds(checker.getTypeOfSymbol(symbol))),
      optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
    }));
    // What is declared never to be there is not a field.
    return fields.filter(({ kinds }) => kinds.size > 0);
  }

  /** The methods of a type and of what it consists of, by their paths. */
  function methods(type, prefix = "") {
    return checker.getPropertiesOfType(type).flatMap((symbol) => {
      const type = checker.getTypeOfSymbol(symbol);
      const [signature] = type.getCallSignatures();
      if (!signature) return methods(type, `${prefix}${symbol.name}.`);
      const documentation = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ");
      const parameters = signature.parameters.map((symbol) => ({
        name: symbol.name,
        optional: checker.isOptionalParameter(symbol.valueDeclaration),
        type: checker.getNonNullableType(checker.getTypeOfSymbol(symbol)),
      }));
      const result = checker.typeToString(signature.getReturnType());
      return [{ name: `${prefix}${symbol.name}`, documentation, parameters, result }];
    });
  }

  return {
    management: [...exportsOf(exported.get("Management")).keys()],
    has: (name) => exported.has(name),
    isObject: (name) =>
      exported.has(name) &&
      kinds(typeNamed(name)).every((kind) => kind === "object") &&
      fields(typeNamed(name)).length > 0,
    /** The declaration that a name stands for, be it an alias. */
    origin: (name) => typeNamed(name).symbol ?? name,
    fieldsOf: (name) => fields(typeNamed(name)),
    fields,
    methods: () => methods(typeNamed("ManagementClient")),
  };
}

/** The structs of the wire: their names in TypeScript, and their fields. */
export function rustStructs() {
  const structs = [];
  for (const file of ["../types.rs", ...rustFiles("src/types")]) {
    let direction;
    let aliases = [];
    let rename;
    let struct;
    for (const line of read(`src/types/${file}`).split("\n")) {
      const [, macro] = /^(answer|request)! \{$/.exec(line) ?? [];
      const [, traits] = /^#\[derive\((.*)\)\]$/.exec(line) ?? [];
      const [, alias] = /#\[doc\(alias = "(\w+)"\)\]/.exec(line) ?? [];
      const [, name] = /pub(?:\(crate\))? (?:struct|enum) (\w+)/.exec(line) ?? [];
      const [, renamed] = /#\[serde\(rename = "(\w+)"\)\]/.exec(line) ?? [];
      const [, field, type] = /^ +pub(?:\(crate\))? (\w+): (.+),$/.exec(line) ?? [];
      if (macro) direction = macro;
      if (traits) direction = traits.includes("Deserialize") ? "answer" : "request";
      if (alias) aliases.push(alias);
      if (renamed) rename = renamed;
      if (name) {
        struct = {
          name,
          direction,
          byHand: !line.startsWith("    "),
          types: aliases.length > 0 ? aliases : [name],
          fields: [],
        };
        if (line.includes("struct") && !line.includes("$")) structs.push(struct);
        aliases = [];
      }
      if (field && field !== "extra") {
        struct.fields.push({ name: rename ?? field, type });
        rename = undefined;
      }
    }
  }
  return structs;
}

/** The methods that call an operation, by its constant. */
export function rustMethods() {
  const methods = new Map();
  for (const file of rustFiles("src")) {
    const text = read(`src/${file}`);
    for (const [, owner, body] of text.matchAll(/^impl (\w+)<'_> \{\n([^]*?)^\}/gm)) {
      for (const [, documentation, name, rest] of body.matchAll(
        /((?: {4}\/\/\/.*\n)+) {4}pub async fn (\w+)\(([^]*?)\n {4}\}/g,
      )) {
        const [, constant] = /&op::([A-Z_]+)/.exec(rest) ?? [];
        methods.set(constant, { owner, name, documentation: documentation.replace(/\s*\/\/\/ ?/g, " ").trim() });
      }
    }
  }
  return methods;
}
