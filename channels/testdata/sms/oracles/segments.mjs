// Writes segments.json: how two other programs measure and cut texts. Not part of the build; run it to renew the data:
//
//   mkdir /tmp/oracle && cd /tmp/oracle && npm init -y && npm install sms-segments-calculator split-sms
//   node …/segments.mjs /tmp/oracle > …/segments.json
//
// The texts are invented here. Their random part is drawn from a fixed seed, so that the same versions of the packages
// give the same file.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const from = createRequire(join(resolve(process.argv[2] ?? '.'), 'package.json'));
const { SegmentedMessage } = from('sms-segments-calculator');
const splitSms = from('split-sms');
const version = (name) => from(`${name}/package.json`).version;

const ENCODING = { 'GSM-7': 'gsm7', GSM: 'gsm7', 'UCS-2': 'ucs2', Unicode: 'ucs2' };

function calculator(text) {
  const message = new SegmentedMessage(text);
  const encoding = ENCODING[message.encodingName];
  const cut = message.segments.map((segment) =>
    Array.from(segment).reduce((sum, one) => sum + (one.isUserDataHeader ? 0 : (one.raw ?? '').length), 0));
  return { encoding, units: message.messageSize / (encoding === 'gsm7' ? 7 : 16), cut };
}

function splitter(text) {
  const message = splitSms.split(text);
  const encoding = ENCODING[message.characterSet];
  return {
    encoding,
    units: message.bytes / (encoding === 'gsm7' ? 1 : 2),
    cut: message.parts.map((part) => part.content.length),
  };
}

// mulberry32
let state = 20260401;
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = (list) => list[random(list.length)];

const cases = [];
const add = (name, text) => cases.push({ name, text });

// Whole sentences.
const DANISH = [
  'Forstår ikke brevet fra kommunen', 'Ring til mig på tlf. når du har læst brevet, tak', 'Æblegrød på Åsen, dér hvor øen er',
  'Jeg har ventet i 8 uger på svar om boligstøtte', 'Min far på 87 kan ikke finde ud af Digital Post',
  'Hvornår får jeg svar? Mvh. Østergård', 'Må jeg tage min søster med til mødet kl. 10:30?', 'Tak for hjælpen :)',
  'De siger nej igen!! Hvad gør jeg nu', 'Jeg skylder 1.250 kr. og kan ikke betale', 'SKAL JEG KLAGE INDEN FREDAG?',
  'Brevet er dateret 3/4-2026 og jeg fik det i går', 'Jeg bor på H.C. Ørsteds Allé 7, 2. tv',
];
const OTHER = [
  'I do not understand the letter – please call me', 'It’s about my rent', 'Ich verstehe den Brief nicht, Grüße',
  'Jag förstår inte brevet från kommunen', 'Nie rozumiem listu z gminy, proszę o telefon', 'Mektubu anlamıyorum, lütfen arayın',
  'لا أفهم الرسالة من البلدية', 'Я не розумію листа з комуни', 'Nepali: मलाई पत्र बुझिएन', 'Ég skil ekki bréfið frá þér',
  'Eg skilji ikki brævið, góðan dag', 'Είμαι άνεργος', '我看不懂这封信', 'Δ og Ω er i alfabetet, δ og ω er ikke',
  'garçon', 'Ça va', 'Señor Nuñez', 'Prix: 5€ [TTC] {net} ~4|5^2 \\o/', 'Citat: “ja”', 'Uden skift\u00a0her', 'tabulator\ther',
  'accent ` grave', 'Vent…', 'soft\u00adhyphen', 'to\r\nlinjer', 'to\nlinjer', 'side\fskift',
];
DANISH.forEach((text, i) => add(`danish sentence ${i + 1}`, text));
OTHER.forEach((text, i) => add(`other sentence ${i + 1}`, text));
for (const times of [2, 3, 4, 5, 8]) {
  add(`danish, ${times} times over`, Array.from({ length: times }, (_, i) => DANISH[i % DANISH.length]).join('. '));
  add(`mixed, ${times} times over`, Array.from({ length: times }, (_, i) => OTHER[(i * 3) % OTHER.length]).join('. '));
}
add('empty', '');
add('a space', ' ');
add('one emoji', '🙂');
add('one extension character', '€');

// Runs of one character around every border.
for (const length of [1, 69, 70, 71, 152, 153, 154, 159, 160, 161, 305, 306, 307, 458, 459, 460, 917, 918, 919, 1530, 1531]) {
  add(`${length} times å`, 'å'.repeat(length));
}
for (const length of [1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 200, 201, 202, 401, 402, 403, 670, 671]) {
  add(`${length} times ł`, 'ł'.repeat(length));
}
for (const length of [76, 77, 79, 80, 81, 152, 153, 228, 229]) add(`${length} times €`, '€'.repeat(length));
for (const length of [33, 34, 35, 36, 66, 67, 99, 100]) add(`${length} times 🙂`, '🙂'.repeat(length));

// One two-unit character around every border.
for (const before of [0, 150, 151, 152, 153, 157, 158, 159, 160, 304, 305, 306, 457, 458]) {
  for (const after of [0, 1, 10, 152, 153]) add(`€ after ${before} and before ${after}`, 'a'.repeat(before) + '€' + 'b'.repeat(after));
}
for (const before of [0, 65, 66, 67, 68, 69, 70, 132, 133, 134, 199, 200]) {
  for (const after of [0, 1, 10, 66, 67]) add(`🙂 after ${before} and before ${after}`, 'a'.repeat(before) + '🙂' + 'b'.repeat(after));
}
for (const before of [150, 152, 159, 304]) {
  add(`line break of two after ${before}`, 'a'.repeat(before) + '\r\n' + 'b'.repeat(20));
  add(`pairs in a row after ${before}`, 'a'.repeat(before) + '[]{}' + 'b'.repeat(150));
}
// A single character outside the alphabet makes all of it UCS-2, wherever it stands.
for (const length of [10, 66, 69, 70, 140, 160, 320]) {
  for (const odd of ['’', '–', '\u00a0', 'á']) add(`${odd} last of ${length + 1}`, 'e'.repeat(length) + odd);
}
// What a reader sees as one character.
for (const before of [10, 62, 63, 64, 65, 66, 67]) {
  add(`family after ${before}`, 'a'.repeat(before) + '👩\u200d👩\u200d👧' + 'b'.repeat(20));
  add(`flag after ${before}`, 'a'.repeat(before) + '🇩🇰' + 'b'.repeat(20));
  add(`accent of its own after ${before}`, 'a'.repeat(before) + 'e\u0301' + 'b'.repeat(20));
}

// Random ones.
const GSM = [..."abcdefghijklmnopqrstuvwxyzæøåÆØÅABCDE 0123456789.,!?-éüöäñßàΔΩ§\n"];
const PAIRS = [...'^{}\\[~]|€'];
const WIDE = [...'łşğá’“–…日本ж'];
const EMOJI = [...'🙂😡🚑🏠📞'];
const draw = (weights, length) => {
  let text = '';
  for (let i = 0; i < length; i++) {
    let place = random(weights.reduce((sum, [weight]) => sum + weight, 0));
    text += pick(weights.find(([weight]) => (place -= weight) < 0)[1]);
  }
  return text;
};
for (let i = 1; i <= 35; i++) add(`random, small alphabet, ${i}`, draw([[9, GSM], [1, PAIRS]], 100 + random(450)));
for (let i = 1; i <= 15; i++) add(`random, many pairs, ${i}`, draw([[1, GSM], [1, PAIRS]], 60 + random(250)));
for (let i = 1; i <= 25; i++) add(`random, wide, ${i}`, draw([[9, GSM], [1, WIDE], [1, EMOJI]], 30 + random(250)));
for (let i = 1; i <= 15; i++) add(`random, many emoji, ${i}`, draw([[1, GSM], [1, EMOJI]], 20 + random(150)));

const WHOLE = 'sms-segments-calculator keeps together what a reader sees as one character (grapheme cluster). '
  + 'The standard asks that of no one and telephones join the segments first; split-sms and we cut between code points.';
const lines = cases.map(({ name, text }) => {
  const one = calculator(text);
  const two = splitter(text);
  if (one.encoding !== two.encoding || one.units !== two.units) throw new Error(`the packages disagree on ${name}`);
  const differs = JSON.stringify(one.cut) !== JSON.stringify(two.cut);
  return JSON.stringify({
    name, text, encoding: two.encoding, units: two.units, cut: two.cut,
    ...(differs && { graphemes_kept: one.cut, reason: 'graphemes' }),
  });
});

const characters = (measured, units) => Array.from({ length: 0x10000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCharCode(code))
  .filter((one) => { const found = measured(one); return found.encoding === 'gsm7' && found.units === units; })
  .join('');
const alphabet = [['sms-segments-calculator', calculator], ['split-sms', splitter]].map(([name, measured]) =>
  JSON.stringify({ package: name, one: characters(measured, 1), two: characters(measured, 2) }));

process.stdout.write(`{
"origin": ${JSON.stringify(`npm sms-segments-calculator ${version('sms-segments-calculator')} (MIT) and npm split-sms ${version('split-sms')} (MIT), run by segments.mjs on texts invented there`)},
"meaning": "encoding, units and alphabet: where both packages agree; cut: UTF-16 units of each segment by split-sms, and by sms-segments-calculator too unless graphemes_kept gives its own",
"reasons": {"graphemes": ${JSON.stringify(WHOLE)}},
"alphabet": [
${alphabet.join(',\n')}
],
"cases": [
${lines.join(',\n')}
]
}
`);
