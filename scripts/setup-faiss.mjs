// Makes the faiss-node addon usable: fetches the package's own build, or builds it with Debian's libfaiss-dev.
// Plain JavaScript, so that it runs before anything of ours is built. Exits with 1 and says what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const PREBUILT_TIMEOUT_MS = 60_000;
const DEBIAN_PACKAGES = 'libfaiss-dev libopenblas-dev g++';
const HEADER_FOLDERS = ['/usr/include', '/usr/local/include'];

const require = createRequire(import.meta.url);
const folder = packageFolder('faiss-node', require);
const build = folder && join(folder, 'build', 'Release');
const addon = build && join(build, 'faiss-node.node');

if (!folder) {
  fail(
    'faiss-node is not in node_modules. npm 10 and older remove it where its install script fails; bring it back with:\n  npm install --no-save --ignore-scripts faiss-node@0.5.1',
  );
} else if (existsSync(addon) && works()) {
  say(`The faiss-node addon is already there and works: ${addon}`);
} else if (!fetched() && !built()) {
  process.exitCode = 1;
}

/** Runs prebuild-install, which downloads the package's own build where the network lets it. */
function fetched() {
  const installer = packageFolder('prebuild-install', createRequire(join(folder, 'package.json')));
  if (!installer) return false;
  say('Fetching the prebuilt addon of faiss-node …');
  const run = spawnSync(process.execPath, [join(installer, 'bin.js'), '--runtime', 'napi'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: PREBUILT_TIMEOUT_MS,
  });
  if (run.status === 0 && existsSync(addon) && works()) {
    say(`Fetched ${addon}`);
    return true;
  }
  const reason = run.error?.message ?? lastLine(run.stderr) ?? 'it does not load here';
  rmSync(addon, { force: true });
  say(`The prebuilt addon cannot be used (${reason}); building it instead.`);
  return false;
}

/** Compiles the package's source against the FAISS of the system. */
function built() {
  const nodeHeaders = nodeHeaderFolder();
  const napi = packageFolder('node-addon-api', createRequire(join(folder, 'package.json')));
  const missing = missingForBuild(nodeHeaders);
  if (!napi) missing.push('node-addon-api, a dependency of faiss-node: run npm ci');
  if (missing.length > 0) {
    return fail(
      `faiss-node cannot be built; missing:\n${missing.map((what) => `  - ${what}`).join('\n')}\n` +
        `On Debian and Ubuntu: apt-get install -y ${DEBIAN_PACKAGES}`,
    );
  }
  mkdirSync(build, { recursive: true });
  const prelude = join(build, 'prelude.h');
  const unfinished = `${addon}.part`;
  writeFileSync(prelude, prelude173());
  say(`Building ${addon} with g++ …`);
  const run = spawnSync(
    'g++',
    [
      ...['-std=c++17', '-O2', '-fPIC', '-fopenmp', '-shared', '-DNAPI_VERSION=6'],
      ...['-isystem', nodeHeaders, '-isystem', napi, '-include', prelude, join(folder, 'src', 'faiss.cc')],
      // A worker that ends unloads its addons, and OpenMP's threads do not survive that: keep it in memory.
      ...['-Wl,-z,nodelete', '-lfaiss', '-lopenblas', '-o', unfinished],
    ],
    { encoding: 'utf8' },
  );
  rmSync(prelude, { force: true });
  if (run.status !== 0) {
    rmSync(unfinished, { force: true });
    return fail(`g++ could not build faiss-node:\n${run.stderr || run.error?.message}`);
  }
  renameSync(unfinished, addon);
  if (!works()) return fail(`${addon} was built but does not work: ${loadError()}`);
  say(`Built ${addon}`);
  return true;
}

/** faiss-node is written for FAISS 1.7.4, which moved `idx_t`; FAISS 1.7.3 and older need an alias. */
function prelude173() {
  return `#include <faiss/Index.h>
#if FAISS_VERSION_MAJOR == 1 && (FAISS_VERSION_MINOR < 7 || (FAISS_VERSION_MINOR == 7 && FAISS_VERSION_PATCH < 4))
namespace faiss { using idx_t = Index::idx_t; }
#endif
`;
}

function missingForBuild(nodeHeaders) {
  const missing = [];
  if (spawnSync('g++', ['--version']).status !== 0) return ['a C++ compiler (Debian: g++)'];
  const includes = (header) => compiles(`#include <${header}>\nint main() {}\n`);
  if (!includes('faiss/Index.h') || !links('-lfaiss', '-shared'))
    missing.push('FAISS (Debian: libfaiss-dev)');
  if (!links('-lopenblas')) missing.push('OpenBLAS (Debian: libopenblas-dev)');
  if (!nodeHeaders) {
    missing.push(
      "Node's headers, node_api.h (in the packages of nodejs.org and NodeSource; Debian: libnode-dev; or: npx node-gyp install)",
    );
  }
  return missing;
}

function compiles(source) {
  return spawnSync('g++', ['-fsyntax-only', '-x', 'c++', '-'], { input: source }).status === 0;
}

function links(...flags) {
  const run = spawnSync('g++', ['-x', 'c++', '-', '-o', '/dev/null', ...flags], { input: 'int main() {}\n' });
  return run.status === 0;
}

/** The first folder that has node_api.h: beside this node, npm's nodedir, node-gyp's cache, the system's. */
function nodeHeaderFolder() {
  const nodedir = process.env.npm_config_nodedir;
  const version = process.versions.node;
  return [
    join(dirname(process.execPath), '..', 'include', 'node'),
    ...(nodedir ? [join(nodedir, 'include', 'node')] : []),
    join(homedir(), '.cache', 'node-gyp', version, 'include', 'node'),
    ...HEADER_FOLDERS.flatMap((root) => [join(root, 'node'), join(root, 'nodejs', 'src')]),
  ].find((candidate) => existsSync(join(candidate, 'node_api.h')));
}

function packageFolder(name, from) {
  const places = from.resolve.paths(name) ?? [];
  return places.map((place) => join(place, name)).find((place) => existsSync(join(place, 'package.json')));
}

/** Whether the addon loads and finds a vector, tried in another process: a bad addon takes its process with it. */
function works() {
  return tryAddon().status === 0;
}

function loadError() {
  const run = tryAddon();
  return lastLine(run.stderr.replace(/\n\s*at .*|\n\s*[{}].*|\nNode\.js v.*/g, '')) ?? `signal ${run.signal}`;
}

function tryAddon() {
  const program = `
    const { IndexFlatIP } = require(${JSON.stringify(folder)});
    const index = new IndexFlatIP(2);
    index.add([1, 0, 0, 1]);
    process.exit(index.search([0, 1], 1).labels[0] === 1 ? 0 : 1);`;
  return spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: PREBUILT_TIMEOUT_MS });
}

function lastLine(text) {
  return text?.trim().split('\n').at(-1)?.trim() || undefined;
}

function say(text) {
  console.log(text);
}

function fail(text) {
  console.error(text);
  process.exitCode = 1;
  return false;
}
