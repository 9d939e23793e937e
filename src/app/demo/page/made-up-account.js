import { $ } from './elements.js';

const KEY = 'demo-account';
const WORDS =
  'amber anchor apple autumn basket birch bottle bridge button candle canyon carpet castle cherry cinder clover copper coral cotton cradle desert ember falcon feather fossil garden ginger harbor hazel island jacket kettle ladder lantern lemon linen magnet maple marble meadow mirror nectar needle nickel olive orchid otter oyster paddle pebble pepper pillow planet pocket quartz ribbon saddle silver spiral teapot timber tunnel velvet violin'.split(
    ' ',
  );

let account = stored() ?? makeUp();

/** The username and passphrase that this page made up, and whether they have been registered. */
export const madeUpAccount = () => account;

/** Kept, so that it can be used again: it opens nothing but this demo. No real page keeps a password. */
export function rememberAccount() {
  account = { ...account, isRegistered: true };
  try {
    localStorage.setItem(KEY, JSON.stringify(account));
  } catch {
    // Storage is switched off in this browser.
  }
  showAccount();
}

/** The server doesn't know the account, for example because its database was deleted. */
export function replaceAccount() {
  account = makeUp();
  showAccount();
}

export function showAccount() {
  const { username, password, isRegistered } = account;
  $('account-username').textContent = username;
  $('account-password').textContent = password;
  $('make-account').textContent = isRegistered ? `Sign in as ${username}` : 'Make me an account';
  $('curl').textContent = curlLines(isRegistered ? 'login' : 'register', { username, password });
}

function curlLines(route, credentials) {
  const { origin } = location;
  return `curl -b cookies.txt -c cookies.txt -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(credentials)}' ${origin}/auth/${route}

TOKEN=$(curl -s -b cookies.txt -c cookies.txt -X POST ${origin}/auth/refresh | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')

curl -H "Authorization: Bearer $TOKEN" ${origin}/api/protected
`;
}

function makeUp() {
  const numbers = [...crypto.getRandomValues(new Uint32Array(6))];
  const words = numbers.slice(1).map((number) => WORDS[number % WORDS.length]);
  const username = `guest-${String(numbers[0] % 1e6).padStart(6, '0')}`;
  return { username, password: words.join('-'), isRegistered: false };
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}
