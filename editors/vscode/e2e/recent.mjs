// node recent.mjs LOG: moves the days of an access log so that it ends today, as one that is read where it is written.
import fs from 'node:fs';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;
const [file] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
const stamp = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\]/g;
const local = ([, day, month, year, hour, minute, second]) => Date.UTC(Number(year), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second));
const offset = (found) => (found[7] === '+' ? 1 : -1) * (Number(found[8]) * 60 + Number(found[9])) * 60_000;
const last = Math.max(...[...text.matchAll(stamp)].map((found) => local(found) - offset(found)));
// Nothing of it lies in the future.
const by = Math.floor((Date.now() - last) / DAY) * DAY;
const two = (number) => String(number).padStart(2, '0');
fs.writeFileSync(
  file,
  text.replace(stamp, (...found) => {
    const then = new Date(local(found) + by);
    return found[0].replace(/^\[.{11}/, `[${two(then.getUTCDate())}/${MONTHS[then.getUTCMonth()]}/${then.getUTCFullYear()}`);
  }),
);
