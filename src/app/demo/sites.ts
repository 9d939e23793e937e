import type { Request } from 'express';
import { DEMO_COOKIE, DEMO_PATH, ORDINARY_COOKIE, ORDINARY_PATH } from './demo-settings.js';
import type { PlayedSite } from './played-browser.js';

/** The demo's sites, at the address at which a request reached this server. */
export function sitesOf({ socket }: Request): Record<'ours' | 'ordinary', PlayedSite> {
  const { localAddress = '127.0.0.1', localPort } = socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  const origin = `http://${host}:${localPort}`;
  return {
    ours: { url: `${origin}/${DEMO_PATH}`, cookie: DEMO_COOKIE },
    ordinary: { url: `${origin}/${ORDINARY_PATH}`, cookie: ORDINARY_COOKIE },
  };
}
