import { describe, expect } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

const executablePath =
  process.env.TEST_CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

if (!executablePath) {
  const file = relative(process.cwd(), expect.getState().testPath!);
  const line = `Not run: ${file}, for want of Chromium. To run it: TEST_CHROMIUM=/path/to/chromium`;
  if (process.env.CI) throw new Error(line);
  process.stderr.write(`${line}\n`);
}

/** `describe` if Chromium is installed. Without it, CI fails, and other runs print a note. */
export const describeInChromium: (name: string, tests: () => void) => void = executablePath
  ? describe
  : describe.skip;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
];

/** Milliseconds to wait for something that never comes. No test may fail because a machine is slow. */
const PATIENCE_MS = 240_000;

export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: ARGUMENTS,
    timeout: PATIENCE_MS,
  });
  return browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS));
}

/**
 * A Chromium whose tabs can be frozen: if Playwright launches a browser, it keeps its tabs visible,
 * also those of other contexts. This one has only the default context.
 */
export async function launchFreezableChromium(): Promise<{
  context: BrowserContext;
  close(): Promise<void>;
}> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-profile-'));
  const run = spawn(
    executablePath!,
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...ARGUMENTS,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const ended = once(run, 'exit');
  const endpoint = await new Promise<string>((resolve, reject) => {
    let output = '';
    run.stderr.on('data', (chunk) => {
      output += String(chunk);
      const address = /ws:\/\/\S+/.exec(output);
      if (address) resolve(address[0]);
    });
    run.on('error', reject);
    run.on('exit', () => reject(new Error(`Chromium ended: ${output}`)));
  });
  const browser = await chromium.connectOverCDP(endpoint, {
    noDefaults: true,
    timeout: PATIENCE_MS,
  });
  const context = browser.contexts()[0]!;
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    context,
    async close() {
      // The whole group: a process that outlives its browser would continue to write into the profile.
      process.kill(-run.pid!, 'SIGKILL');
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
