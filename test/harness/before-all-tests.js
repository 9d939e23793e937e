import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import announceDatabases from './announce-databases.js';

/** Jest's globalSetup. RUN_FOLDER is where the test files of one run share what is made once. */
export default function beforeAllTests() {
  announceDatabases();
  process.env.RUN_FOLDER = mkdtempSync(join(tmpdir(), 'nestjs-refresh-auth-run-'));
}
