const quietMs = 2_000;
const repeatMs = 10_000;

/** Says what is being waited for once it takes more than two seconds; on a terminal one line is kept up to date. */
export async function progress(what, work) {
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const live = process.stdout.isTTY === true;
  let told = false;
  let timer = setTimeout(tell, quietMs);
  function tell() {
    if (live) process.stdout.write(`\r${what} ... ${seconds()} s`);
    else console.log(told ? `${what} ... still at it after ${seconds()} s` : `${what} ...`);
    told = true;
    timer = setTimeout(tell, live ? 1_000 : repeatMs);
  }
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (told && live) process.stdout.write('\n');
    else if (told) console.log(`${what}: took ${seconds()} s`);
  }
}
