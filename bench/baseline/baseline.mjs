// The bar: what an engineer would write in an afternoon with Node and DuckDB. Fetches every page of a
// store concurrently, keeps the pages as files, and lets DuckDB read them and build the same star.
//
// usage: node baseline.mjs DIR     (SALLA_API_BASE_URL and SALLA_API_TOKEN in the environment)
// Prints one JSON object: seconds by stage, peak RSS, bytes on disk.
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';

const IN_FLIGHT = 8;
const PER_PAGE = 60;
const REACHABLE = 9_900; // orders a window may hold: the API shows nothing past page x per_page = 10,000

const directory = process.argv[2];
const pages = join(directory, 'pages');
const database = join(directory, 'baseline.duckdb');
const baseUrl = process.env.SALLA_API_BASE_URL;
const agent = new http.Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
const headers = { authorization: `Bearer ${process.env.SALLA_API_TOKEN}`, accept: 'application/json' };
let requests = 0;

function fetchPage(path, query) {
  const url = `${baseUrl}${path}?${new URLSearchParams({ per_page: PER_PAGE, ...query })}`;
  requests += 1;
  return new Promise((resolve, reject) => {
    http.get(url, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`GET ${url}: HTTP ${response.statusCode}: ${body.subarray(0, 200)}`));
      });
    }).on('error', reject);
  });
}

// The total stands in the pagination block at the page's end: no need to parse a quarter megabyte for it.
function totalOf(body) {
  const tail = body.subarray(Math.max(0, body.length - 2000)).toString('latin1');
  return Number(/"pagination":\{[^{]*?"total":(\d+)/.exec(tail)[1]);
}

const save = (stream, name, body) => writeFile(join(pages, `${stream}-${name}.json`), body);

// Every page of one list: the first one tells how many there are, the agent keeps eight in flight.
async function fetchList(stream, query, name, first) {
  const body = first ?? (await fetchPage(`/${stream}`, { ...query, page: 1 }));
  const count = Math.ceil(totalOf(body) / PER_PAGE);
  const rest = Array.from({ length: Math.max(0, count - 1) }, (_, i) =>
    fetchPage(`/${stream}`, { ...query, page: i + 2 }).then((page) => save(stream, `${name}-${i + 2}`, page)));
  await Promise.all([save(stream, `${name}-1`, body), ...rest]);
}

const DAY = 86_400_000;
const day = (number) => new Date(number * DAY).toISOString().slice(0, 10);

// Orders of the days [from, to], halved until a window is reachable to its end.
async function fetchOrders(from, to) {
  const query = { expanded: 1, from_date: day(from), to_date: day(to) };
  const first = await fetchPage('/orders', { ...query, page: 1 });
  const total = totalOf(first);
  if (total === 0) return;
  if (total <= REACHABLE || from === to) return fetchList('orders', query, query.from_date, first);
  const middle = Math.floor((from + to) / 2);
  await Promise.all([fetchOrders(from, middle), fetchOrders(middle + 1, to)]);
}

async function buildStar() {
  const instance = await DuckDBInstance.create(database, { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`SET VARIABLE pages = '${pages}'`);
  const seconds = {};
  const script = await readFile(new URL('star.sql', import.meta.url), 'utf8');
  for (const part of script.split(/^-- stage: /m).slice(1)) {
    const started = performance.now();
    const [stage] = part.split('\n', 1);
    await connection.run(part.slice(stage.length));
    seconds[stage] = (performance.now() - started) / 1000;
  }
  const reader = await connection.runAndReadAll(await readFile(new URL('totals.sql', import.meta.url), 'utf8'));
  connection.closeSync();
  instance.closeSync();
  return { seconds, totals: reader.getRowObjectsJson()[0] };
}

await rm(directory, { recursive: true, force: true });
await mkdir(pages, { recursive: true });
const started = performance.now();
const today = Math.floor(Date.now() / DAY);
await Promise.all([fetchOrders(today - 20 * 365, today + 10 * 365), fetchList('customers', {}, 'all'), fetchList('products', {}, 'all')]);
agent.destroy();
const fetched = (performance.now() - started) / 1000;
const { seconds, totals } = await buildStar();
const total = (performance.now() - started) / 1000;
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'utf8'))[1]) * 1024;
const bytes = (await stat(database)).size;
console.log(JSON.stringify({ total, stages: { fetch: fetched, ...seconds }, requests, peak_rss_bytes: peak, disk_bytes: bytes, totals }));
