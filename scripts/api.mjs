// Prints the declarations in files of a directory: without comments, and in the order of their names, so that they
// change only when the API does. Those that are not exported stay, since the exported ones are made of them. A bundled
// file exports by a list at its end, which is printed as a mark of each declaration.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

const [directory, ...files] = process.argv.slice(2);
const printer = ts.createPrinter({ removeComments: true });
for (const name of files) {
  const text = readFileSync(join(directory, name), "utf8");
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const exported = new Set(file.statements.filter(isList).flatMap((list) => list.exportClause.elements.map(nameOf)));
  const declarations = file.statements
    .filter((statement) => !isList(statement))
    .map((statement) => {
      const printed = printer.printNode(ts.EmitHint.Unspecified, statement, file);
      // Of a declaration, or of the module that something comes from.
      const name = statement.name?.text ?? "";
      const text = exported.has(name) ? printed.replace(/^(declare )?/, "export ") : printed;
      return { name, text: text.replace(/ from '(.*)';$/, ' from "$1";') };
    });
  // Overloads keep their order, which decides.
  declarations.sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
  console.log(`// ${name}\n`);
  for (const declaration of declarations) console.log(`${declaration.text}\n`);
}

/** Returns whether a statement is a list of what is exported of the declarations in the file, under their own names. */
function isList(statement) {
  const { exportClause, moduleSpecifier } = statement;
  return (
    ts.isExportDeclaration(statement) &&
    moduleSpecifier === undefined &&
    exportClause.elements.length > 0 &&
    exportClause.elements.every(({ propertyName }) => propertyName === undefined)
  );
}

function nameOf({ name }) {
  return name.text;
}
