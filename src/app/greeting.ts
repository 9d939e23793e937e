/** What the app prints when it is ready. Outside production it ends with what to try, and the command alone on its line. */
export function greeting(url: string, isProduction: boolean, username = 'ada'): string {
  if (isProduction) return `\nListening on ${url}. \n`;
  return `
Listening on ${url}. See it work:

  ${url}/ (a page that shows sessions refresh, and a thief being found out)
  ${url}/docs (the API, to try in the browser)
  curl -sS -w '\\n' -b cookies.txt -c cookies.txt -H 'Content-Type: application/json' -d '{"username":"${username}","password":"correct horse battery staple"}' ${url}/auth/register
`;
}
