/** Returns the multipart body of a form. WebKit cannot read the body of a request made from a form with a file. */
export function writeForm(form: FormData): Blob {
  const boundary = `form-${Math.random().toString(36).slice(2)}`;
  const quoted = (text: string) => `"${text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22")}"`;
  const parts = [...form].flatMap(([name, value]) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}`;
    if (typeof value === "string") return [head, "\r\n\r\n", value, "\r\n"];
    const type = value.type || "application/octet-stream";
    return [head, `; filename=${quoted(value.name)}\r\nContent-Type: ${type}\r\n\r\n`, value, "\r\n"];
  });
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
}
