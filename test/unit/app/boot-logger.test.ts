import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BootLogger } from '../../../src/app/boot-logger.js';

describe('the log of an app that starts', () => {
  let printed: string[];

  beforeEach(() => {
    printed = [];
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('leaves out Nest’s list of modules and routes, and nothing else', () => {
    const logger = new BootLogger(false);
    logger.log('TypeOrmModule dependencies initialized', 'InstanceLoader');
    logger.log('Mapped {/auth/login, POST} route', 'RouterExplorer');
    logger.log('of the app', 'Seed');
    logger.log('of nobody');
    logger.warn('of Nest', 'RouterExplorer');
    expect(printed).toEqual([
      expect.stringContaining('of the app'),
      expect.stringContaining('of nobody'),
      expect.stringContaining('of Nest'),
    ]);
  });

  it('has that list in production', () => {
    new BootLogger(true).log('Mapped {/auth/login, POST} route', 'RouterExplorer');
    expect(printed).toEqual([expect.stringContaining('Mapped {/auth/login, POST} route')]);
  });

  it('has everything once the app has started, and then the errors that came before', () => {
    const logger = new BootLogger(false);
    logger.error('early', 'RouterExplorer');
    expect(printed).toEqual([]);
    logger.started();
    logger.error('late', 'RouterExplorer');
    logger.log('a module that was loaded later', 'InstanceLoader');
    expect(printed).toEqual([
      expect.stringContaining('early'),
      expect.stringContaining('late'),
      expect.stringContaining('a module that was loaded later'),
    ]);
  });
});
