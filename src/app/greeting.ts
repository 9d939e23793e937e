/** What the app prints when it is ready: commands to try, ready to copy. */
export function greeting(url: string, isProduction: boolean, username = 'ada'): string {
  if (isProduction) return `\nListening on ${url}. \n`;
  return `
Listening on ${url}. See it work: open that page in a browser. Or try it here (the second
time the name is taken, and the session of the first goes on):

  curl -b cookies.txt -c cookies.txt -H 'Content-Type: application/json' \\
    -d '{"username":"${username}","password":"correct horse battery staple"}' ${url}/auth/register

  TOKEN=$(curl -s -b cookies.txt -c cookies.txt -X POST ${url}/auth/refresh | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')

  curl -H "Authorization: Bearer $TOKEN" ${url}/api/protected

`;
}
