import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, withServer } from './commands.js';
import { documentedCommands, documentedFiles, documentedPackages } from './documents.js';
import { newSecrets } from './secrets.js';

/**
 * The app that `nest new` makes, with what README.md says to install.
 * @param {{ place: string, nest: string, tarball: string, further: string[], flags: string }} given `further` are packages
 *   that the documents don't name, `flags` of npm install
 * @returns {Promise<string>} its folder
 */
export async function templateApp({ place, nest, tarball, further, flags }) {
  const name = `nest-${nest}`;
  const made = `new ${name} --skip-git --skip-install --package-manager npm --strict`;
  await run(`npx --yes @nestjs/cli@${nest} ${made}`, { cwd: place });
  const folder = join(place, name);
  const [, ...packages] = documentedPackages(nest);
  await run(`npm install ${flags} ${[tarball, ...packages, ...further].join(' ')}`, {
    cwd: folder,
  });
  return folder;
}

/**
 * Puts the documents' new app into the template, guards a route of the template's own controller, and runs the template's
 * own tests, whose configuration nobody changed. Then starts it and types what the documents say.
 * @param {string} folder of the template
 * @returns {Promise<string[]>} what was done
 */
export async function tryTemplateApp(folder) {
  const isModule = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
  // In a CommonJS app Jest finds no `.js` beside the TypeScript, as the documents say.
  const asHere = (code) => (isModule ? code : code.replaceAll(/(from '\.[^']*)\.js'/g, "$1'"));
  for (const [path, code] of Object.entries(documentedFiles())) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), asHere(code));
  }
  edit(
    folder,
    'src/app.module.ts',
    (code) =>
      asHere(KEPT_IMPORTS) +
      code.replace(
        '[HelloController]',
        '[AppController, HelloController],\n  providers: [AppService]',
      ),
  );
  edit(
    folder,
    'src/app.controller.ts',
    (code) => GUARD_IMPORTS + code.replace(/(\n {2}@Get\(\))/, `${GUARDED_ROUTE}$1`),
  );
  const env = { ...newSecrets(), NO_COLOR: '1' };
  await run('npm run build', { cwd: folder });
  const unit = await run('npm test', { cwd: folder, env });
  const e2e = await run('npm run test:e2e', { cwd: folder, env });
  rmSync(join(folder, 'app.sqlite'), { force: true });
  await withServer(['npm', 'run', 'start:prod'], { cwd: folder, env }, async (url) => {
    assert.equal((await fetch(`${url}/me`)).status, 401);
    const script = documentedCommands().replaceAll('http://localhost:3000', url);
    writeFileSync(join(folder, 'try.sh'), script);
    assert.match(await run('sh try.sh', { cwd: folder }), /Hello, ada!\n$/);
  });
  return [
    `npm test: ${passed(unit)}`,
    `npm run test:e2e: ${passed(e2e)}`,
    'the documented commands',
  ];
}

const KEPT_IMPORTS = `import { AppController } from './app.controller.js';
import { AppService } from './app.service.js';
`;

const GUARD_IMPORTS = `import { UseGuards } from '@nestjs/common';
import { CurrentUser, JwtAuthGuard, type AuthenticatedUser } from 'nestjs-refresh-auth';
`;

const GUARDED_ROUTE = `
  @Get('me')
  @UseGuards(JwtAuthGuard)
  getMe(@CurrentUser() user: AuthenticatedUser): string {
    return user.id;
  }
`;

function edit(folder, path, change) {
  const before = readFileSync(join(folder, path), 'utf8');
  const after = change(before);
  assert.notEqual(after, before, `${path} is not as expected`);
  writeFileSync(join(folder, path), after);
}

function passed(output) {
  const [, count] = /^\s*Tests:?\s+(\d+ passed)/m.exec(output);
  return count;
}
