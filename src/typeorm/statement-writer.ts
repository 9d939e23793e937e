import type { DataSource, EntityTarget } from 'typeorm';

/** A statement in the words of the database. */
export interface Written {
  sql: string;
  /** What its placeholders stand for, in their order. */
  values: readonly string[];
}

/**
 * Writes statements for the driver and the names of this DataSource, each once: `{table}` becomes the table with its
 * schema and prefix, `{userId}` the column of that property whatever the naming strategy calls it (`{userId as}` the same,
 * returned under the property's name), `:now` a placeholder.
 * TypeORM's query builder would take longer to write a statement than the database to run it; and what it runs itself, it
 * may send to a replica or a cache.
 */
export class StatementWriter {
  readonly #written = new Map<string, Written>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityTarget<object>,
  ) {}

  write(text: string): Written {
    let written = this.#written.get(text);
    if (written === undefined) {
      written = this.#translate(text);
      this.#written.set(text, written);
    }
    return written;
  }

  #translate(text: string): Written {
    const { driver } = this.dataSource;
    const metadata = this.dataSource.getMetadata(this.entity);
    const columnOf = (name: string) =>
      driver.escape(metadata.findColumnWithPropertyName(name)!.databaseName);
    const named = text
      .replaceAll(
        '{table}',
        metadata.tablePath
          .split('.')
          .map((part) => driver.escape(part))
          .join('.'),
      )
      .replaceAll(
        /\{(\w+) as\}/g,
        (_, name: string) => `${columnOf(name)} AS ${driver.escape(name)}`,
      )
      .replaceAll(/\{(\w+)\}/g, (_, name: string) => columnOf(name));
    // Names instead of values: the driver puts numbers into the text, and then no two statements are the same.
    const names = [...new Set([...named.matchAll(/:(\w+)/g)].map((match) => match[1]!))];
    const [sql, values] = driver.escapeQueryWithParameters(
      named,
      Object.fromEntries(names.map((name) => [name, name])),
    );
    return { sql, values: values as string[] };
  }
}
