// Prints the declarations in files of a directory: without comments, and in the order of their names, so that they
// change only when the API does. Those that are not exported stay, since the exported ones are made of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

const [directory, ...files] = process.argv.slice(2);
const printer = ts.createPrinter({ removeComments: true });
for (const name of files) {
  const text = readFileSync(join(directory, name), "utf8");
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const declarations = file.statements.map((statement) => ({
    name: statement.name?.text ?? "",
    text: printer.printNode(ts.EmitHint.Unspecified, statement, file),
  }));
  // Overloads keep their order, which decides.
  declarations.sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
  console.log(`// ${name}\n`);
  for (const declaration of declarations) console.log(`${declaration.text}\n`);
}
