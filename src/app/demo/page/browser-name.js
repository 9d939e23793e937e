const BROWSERS = [
  [/Edg\/(\d+)/, 'Edge'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:Chrome|CriOS|Chromium)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).* Safari\//, 'Safari'],
  [/curl\/(\d+)/, 'curl'],
  [/Thief\/(\d+)/, 'the thief’s script'],
];
const SYSTEMS = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** `Chrome 156 on Linux`, for people: most of a User-Agent header is only there for compatibility. */
export function browserName(userAgent) {
  const text = userAgent ?? '';
  const browser = BROWSERS.find(([pattern]) => pattern.test(text));
  if (browser === undefined) return 'an unknown program';
  const [pattern, name] = browser;
  if (name.startsWith('the')) return name;
  const system = SYSTEMS.find(([candidate]) => candidate.test(text));
  return `${name} ${pattern.exec(text)[1]}${system === undefined ? '' : ` on ${system[1]}`}`;
}
