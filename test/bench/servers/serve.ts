import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Started } from '../server-process.js';

/** On Express, or on Fastify with `ADAPTER=fastify`. */
export async function createApp(module: Type): Promise<INestApplication> {
  const settings = { logger: ['error', 'warn'] as ('error' | 'warn')[], abortOnError: false };
  return process.env.ADAPTER === 'fastify'
    ? NestFactory.create(module, new FastifyAdapter(), settings)
    : NestFactory.create(module, settings);
}

/** Listens, and reports the port and the users' credentials. */
export async function serve(
  app: INestApplication,
  credentials: () => Promise<string[]> = async () => [],
): Promise<void> {
  await app.listen(0, '127.0.0.1');
  const bootMs = performance.now();
  const started: Started = { url: await app.getUrl(), credentials: await credentials(), bootMs };
  process.send!(started);
  process.on('message', (call: { cpu?: true; credentials?: true; ageIn?: number }) => {
    if (call.cpu) process.send!(process.cpuUsage());
    if (call.ageIn !== undefined) void age(call.ageIn);
    if (call.credentials) void credentials().then((fresh) => process.send!(fresh));
  });
  for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit());
}

async function age(seconds: number): Promise<void> {
  for (let i = 0; i < 12; i += 1) {
    await pause((seconds * 1000) / 12);
    global.gc!();
  }
}

/** How many users there are. */
export const USERS = Number(process.env.USERS ?? '1000');
