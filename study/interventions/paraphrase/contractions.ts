/** Contractions and the words they stand for, where there is one reading only (`it's` has two). */
export const EXPANSIONS: readonly (readonly [RegExp, string])[] = [
  [/\b([Ww])on['’]t\b/g, '$1ill not'],
  [/\b([Cc])an['’]t\b/g, '$1annot'],
  [/\b([Ss])han['’]t\b/g, '$1hall not'],
  [
    /\b([Dd]o|[Dd]oes|[Dd]id|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]ave|[Hh]as|[Hh]ad|[Ss]hould|[Ww]ould|[Cc]ould|[Mm]ust)n['’]t\b/g,
    '$1 not',
  ],
  [/\b(I|[Ww]e|[Yy]ou|[Tt]hey|[Ii]t|[Hh]e|[Ss]he|[Tt]hat|[Tt]here)['’]ll\b/g, '$1 will'],
  [/\b(I|[Ww]e|[Yy]ou|[Tt]hey)['’]ve\b/g, '$1 have'],
  [/\b([Ww]e|[Yy]ou|[Tt]hey)['’]re\b/g, '$1 are'],
  [/\b(I)['’]m\b/g, '$1 am'],
  [/\b([Ll])et['’]s\b/g, '$1et us'],
  [
    /\b([Ii]t|[Tt]hat|[Tt]here|[Hh]e|[Ss]he)['’]s (?=(?:a|an|the|not|no|time|why|what|how|our|my|my|good|right|wrong)\b)/g,
    '$1 is ',
  ],
];

export const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [
    /\b([Dd]o|[Dd]oes|[Dd]id|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]as|[Hh]ad|[Hh]ave|[Ss]hould|[Ww]ould|[Cc]ould) not\b(?! only)/g,
    "$1n't",
  ],
  [/\b([Ww])ill not\b/g, "$1on't"],
  [/\b([Cc])annot\b/g, "$1an't"],
  [
    /\b(I|[Ww]e|[Yy]ou|[Tt]hey) have (?=(?:been|not|never|also|already|[a-z]+ed|done|made|seen|given|taken|had|come)\b)/g,
    "$1've ",
  ],
  [
    /\b(I|[Ww]e|[Yy]ou|[Tt]hey) will (?!(?:and|or|but|as|in|than|because|if|when|who|which|to|at|on|for|with)\b)(?=[a-z])/g,
    "$1'll ",
  ],
  [
    /\b([Ww]e|[Yy]ou|[Tt]hey) are (?!(?:and|or|but|as|in|than|because|if|when|who|which|to|at|on|for|with)\b)(?=[a-z])/g,
    "$1're ",
  ],
  [/\b(I) am (?!(?:and|or|but|as|in|than|because|if|when|who|which|to|at|on|for|with)\b)(?=[a-z])/g, "$1'm "],
  [
    /\b([Ii]t|[Tt]here) is (?!(?:and|or|but|as|in|than|because|if|when|who|which|to|at|on|for|with)\b)(?=[a-z])/g,
    "$1's ",
  ],
];

const AMOUNT =
  '(?=(?:[$£]?\\d|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty|a hundred|a thousand|a million|half|one-)[\\w,.-]*)';

/** Ways to say how many and when, tied to the number that follows, which stays. */
export const QUANTITIES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\bmore than ${AMOUNT}`, 'g'), 'over '],
  [new RegExp(`\\bless than ${AMOUNT}`, 'g'), 'under '],
  [new RegExp(`\\b(?:about|approximately) ${AMOUNT}`, 'g'), 'around '],
  [new RegExp(`\\bnearly ${AMOUNT}`, 'g'), 'almost '],
  [new RegExp(`\\bat least ${AMOUNT}`, 'g'), 'no fewer than '],
  [/\bw(?:as|ere) (?=[$£]\d)/g, 'came to '],
  [/\bwill be (?=[$£]\d)/g, 'will come to '],
  [/\bis (?=[$£]\d)/g, 'comes to '],
  [/\bare (?=[$£]\d)/g, 'come to '],
  [/\bamounted to (?=[$£]?\d)/g, 'came to '],
  [/\bin (?=(?:1[6-9]|20)\d\d\b)/g, 'in the year '],
  [/\bsince (?=(?:1[6-9]|20)\d\d\b)/g, 'since the year '],
  [/\bper cent\b/g, 'percent'],
  [/\bpercent\b/g, 'per cent'],
];

/** Words that tie a sentence to the one before it. */
export const OPENERS: readonly (readonly [RegExp, string])[] = [
  [/(?<=^|[.!?]["”’]?\s)But (?=[a-zI])/g, 'Yet '],
  [
    /(?<=^|[.!?]["”’]?\s)And (we|they|it|he|she|this|that|these|the|in|if|when|so|there|our|to|for|with|as)\b/g,
    'Also, $1',
  ],
  [/(?<=^|[.!?]["”’]?\s)So (?=(?:we|I|they|it|let|the|my|tonight)\b)/g, 'And so '],
  [/(?<=^|[.!?]["”’]?\s)Now, /g, 'At present, '],
];
