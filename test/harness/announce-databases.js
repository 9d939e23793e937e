/** Prints which databases the run leaves out, and how to provide them. In CI a missing one is a failure. */
export default function announceDatabases() {
  const missing = [
    ['TEST_POSTGRES_URL', 'PostgreSQL', 'postgres://user:password@127.0.0.1:5432/test'],
    ['TEST_MYSQL_URL', 'MySQL/MariaDB', 'mysql://user:password@127.0.0.1:3306/test'],
  ].filter(([variable]) => !process.env[variable]);
  if (missing.length === 0) return;
  const lines = missing.map(
    ([variable, name, example]) =>
      `Not run: the tests on ${name}. To run them: ${variable}=${example}`,
  );
  if (process.env.CI) throw new Error(lines.join('\n'));
  process.stderr.write(`${lines.join('\n')}\n`);
}
