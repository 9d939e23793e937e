/** A request as a line for the shell. The cookie is left to curl's own jar: this page doesn't know it. */
export async function asCurl(request) {
  const { method, url, headers } = request;
  const parts = ['curl', '-i', '-b', 'cookies.txt', '-c', 'cookies.txt'];
  if (method !== 'GET') parts.push('-X', method);
  for (const [name, value] of headers) parts.push('-H', quoted(`${name}: ${value}`));
  const body = await request.clone().text();
  if (body !== '') parts.push('--data-raw', quoted(body));
  parts.push(quoted(url));
  const needsCookie = /\/(refresh|logout)$/.test(new URL(url).pathname);
  if (needsCookie)
    parts.push('# with the cookie of a login by curl: this page can not read its own');
  return parts.join(' ');
}

function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
