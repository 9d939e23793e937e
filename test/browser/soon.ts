/** An expectation that is met within a few seconds. */
export async function expectSoon(expectation: () => Promise<void>): Promise<void> {
  for (let tries = 100; ; tries -= 1) {
    try {
      return await expectation();
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, 30);
      });
    }
  }
}
