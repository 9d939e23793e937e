import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import { resolveAuthOptions } from '../../../src/options/auth-settings.js';
import { originOf } from '../../../src/options/origin.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';

const allowing = (origin: string) =>
  resolveAuthOptions({
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    allowedOrigins: [origin],
  });

describe('an origin', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['HTTPS://App.Example.COM', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://app.example.com:80', 'http://app.example.com'],
    ['https://app.example.com:80', 'https://app.example.com:80'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://xn--mnchen-3ya.example', 'https://xn--mnchen-3ya.example'],
    ['https://app.example.com.', 'https://app.example.com.'],
    ['http://[2001:DB8:0:0::1]:3000', 'http://[2001:db8::1]:3000'],
    ['http://[::1]:80', 'http://[::1]'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['Capacitor://LocalHost', 'capacitor://localhost'],
    ['ionic://localhost', 'ionic://localhost'],
    ['tauri://localhost', 'tauri://localhost'],
    ['app://obsidian.md', 'app://obsidian.md'],
    ['app://localhost:8080', 'app://localhost:8080'],
    [
      'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
      'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
    ],
    [
      'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
      'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
    ],
  ])('%s is %s', (text, origin) => {
    expect(originOf(text)).toBe(origin);
    expect([...allowing(text).allowedOrigins]).toEqual([origin]);
  });

  it.each([
    'null',
    '',
    '*',
    'file://',
    'file://localhost',
    'data://x',
    'blob:https://app.example.com',
    'javascript://app.example.com',
    'about:blank',
    'ws://app.example.com',
    'wss://app.example.com',
    'app.example.com',
    '//app.example.com',
    'https:app.example.com',
    'https:/app.example.com',
    'https:\\\\app.example.com',
    'https://',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com?',
    'https://app.example.com#',
    'https://user@app.example.com',
    'https://@app.example.com',
    'https://*.example.com',
    'https://%2a.example.com',
    'https://app.example.com:99999',
    'https://app.example.com https://evil.example',
    ' https://app.example.com',
    'https://app.exam\tple.com',
    'capacitor://',
    'capacitor:localhost',
    'capacitor://localhost/',
    'capacitor://localhost/index.html',
    'capacitor://*',
    'chrome-extension://*',
    'app://user@host',
  ])('is not "%s", which the configuration refuses', (text) => {
    expect(originOf(text)).toBeNull();
    expect(() => allowing(text)).toThrow(AuthConfigurationError);
  });
});
