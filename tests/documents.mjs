import { readdir, readFile } from "node:fs/promises";

const root = new URL("../", import.meta.url);

/** Every document in the root of the repository and in docs/, as { name, text }. */
export async function documents() {
  const guides = (await readdir(new URL("docs/", root))).map((name) => `docs/${name}`);
  const names = [...(await readdir(root)), ...guides].filter((name) => name.endsWith(".md")).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, root), "utf8") })));
}

/** The code blocks of a language in all documents, as { place, code }. */
export async function examples(language) {
  return (await documents()).flatMap(({ name, text }) =>
    [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
      .filter(([, found]) => found === language)
      .map(({ index, 2: code }) => ({ place: `${name}, line ${text.slice(0, index).split("\n").length + 1}`, code })),
  );
}
