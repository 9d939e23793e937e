import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { DataSource } from 'typeorm';

@Controller('health')
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  /** 200 while the database responds, else 503. */
  @Get()
  async check(): Promise<{ status: 'ok' }> {
    try {
      await Promise.race([this.dataSource.query('SELECT 1'), tooLate()]);
    } catch (error) {
      throw new ServiceUnavailableException('The database does not answer.', { cause: error });
    }
    return { status: 'ok' };
  }
}

/** Longest wait for the database, in milliseconds. */
const LONGEST_WAIT_MS = 3000;

async function tooLate(): Promise<never> {
  await wait(LONGEST_WAIT_MS, undefined, { ref: false });
  throw new Error(`No response within ${LONGEST_WAIT_MS} ms.`);
}
