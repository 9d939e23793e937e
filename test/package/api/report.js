import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/**
 * Compares the built package's public API with the reports beside this file, one for each entry point, and prints what
 * differs. With `--update` it writes the reports instead.
 */
const isUpdate = process.argv.includes('--update');

const ENTRIES = ['index', 'core', 'client', 'testing'];

const path = (relative) => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
const silent = { logLevel: ExtractorLogLevel.None };

function configOf(name) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: path(''),
      mainEntryPointFilePath: path(`dist/esm/${name}.d.ts`),
      compiler: { tsconfigFilePath: path('tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: path('test/package/api'),
        reportTempFolder: path('coverage/api'),
      },
      messages: {
        // The comments are not TSDoc, and everything exported is public.
        tsdocMessageReporting: { default: silent },
        extractorMessageReporting: { default: silent, 'ae-forgotten-export': silent },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path('package.json'),
  });
}

const different = ENTRIES.filter((name) => {
  const result = Extractor.invoke(configOf(name), {
    localBuild: isUpdate,
    printApiReportDiff: !isUpdate,
    messageCallback: quietly,
  });
  return !result.succeeded;
});

if (different.length > 0) {
  console.error('The public API differs from its report. If that is meant: npm run api');
  process.exitCode = 1;
}

/** Leaves out the progress messages of the tool. */
function quietly(message) {
  if (message.logLevel === ExtractorLogLevel.Info) message.handled = true;
}
