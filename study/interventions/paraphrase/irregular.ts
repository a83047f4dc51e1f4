/**
 * Irregular forms, one lemma an entry: the `.exc` lists of WordNet, which the npm package leaves out, cut down to
 * living words. Verbs: lemma, past, participle. Nouns: singular, plural. Adjectives: lemma, comparative, superlative.
 */
export const IRREGULAR_VERBS = rows(`
arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten|become became become
befall befell befallen|beget begot begotten|begin began begun|behold beheld beheld|bend bent bent
beset beset beset|bid bid bid|bind bound bound|bite bit bitten|bleed bled bled|blow blew blown
break broke broken|breed bred bred|bring brought brought|broadcast broadcast broadcast|build built built
burst burst burst|buy bought bought|cast cast cast|catch caught caught|choose chose chosen|cling clung clung
come came come|cost cost cost|creep crept crept|cut cut cut|deal dealt dealt|dig dug dug|do did done
draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed fed
feel felt felt|fight fought fought|find found found|flee fled fled|fling flung flung|fly flew flown
forbear forbore forborne|forbid forbade forbidden|forecast forecast forecast|forego forewent foregone
foresee foresaw foreseen|foretell foretold foretold|forget forgot forgotten|forgive forgave forgiven
forsake forsook forsaken|freeze froze frozen|get got got|give gave given|go went gone|grind ground ground
grow grew grown|hang hung hung|have had had|hear heard heard|hide hid hidden|hit hit hit|hold held held
hurt hurt hurt|keep kept kept|kneel knelt knelt|know knew known|lay laid laid|lead led led|leave left left
lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made|mean meant meant
meet met met|mislead misled misled|mistake mistook mistaken|misunderstand misunderstood misunderstood
outgrow outgrew outgrown|overcome overcame overcome|overhear overheard overheard|override overrode overridden
oversee oversaw overseen|overtake overtook overtaken|overthrow overthrew overthrown|partake partook partaken
pay paid paid|put put put|quit quit quit|read read read|rebuild rebuilt rebuilt|rend rent rent|repay repaid repaid
rid rid rid|ride rode ridden|ring rang rung|rise rose risen|run ran run|say said said|see saw seen
seek sought sought|sell sold sold|send sent sent|set set set|sew sewed sewn|shake shook shaken|shed shed shed
shine shone shone|shoot shot shot|show showed shown|shrink shrank shrunk|shut shut shut|sing sang sung
sink sank sunk|sit sat sat|slay slew slain|sleep slept slept|slide slid slid|sling slung slung|slit slit slit
smite smote smitten|sow sowed sown|speak spoke spoken|speed sped sped|spend spent spent|spin spun spun
split split split|spread spread spread|spring sprang sprung|stand stood stood|steal stole stolen
stick stuck stuck|sting stung stung|stink stank stunk|strew strewed strewn|stride strode stridden
strike struck struck|string strung strung|strive strove striven|swear swore sworn|sweep swept swept
swell swelled swollen|swim swam swum|swing swung swung|take took taken|teach taught taught|tear tore torn
tell told told|think thought thought|throw threw thrown|thrust thrust thrust|tread trod trodden
undergo underwent undergone|understand understood understood|undertake undertook undertaken|undo undid undone
uphold upheld upheld|upset upset upset|wake woke woken|wear wore worn|weave wove woven|weep wept wept
win won won|wind wound wound|withdraw withdrew withdrawn|withhold withheld withheld
withstand withstood withstood|wring wrung wrung|write wrote written`);

export const IRREGULAR_NOUNS = rows(`
alumnus alumni|analysis analyses|axis axes|basis bases|belief beliefs|calf calves|chief chiefs|child children
cliff cliffs|crisis crises|criterion criteria|datum data|deer deer|dwarf dwarfs|elf elves|emphasis emphases
fish fish|foot feet|gentleman gentlemen|goose geese|grief griefs|gulf gulfs|half halves|handkerchief handkerchiefs
hoof hooves|hypothesis hypotheses|knife knives|leaf leaves|life lives|loaf loaves|louse lice|man men
means means|medium media|memorandum memoranda|mouse mice|oasis oases|ox oxen|parenthesis parentheses
phenomenon phenomena|phenomenon phenomena|proof proofs|reef reefs|roof roofs|safe safes|self selves|series series
shelf shelves|sheep sheep|species species|stratum strata|thesis theses|thief thieves|tooth teeth|wife wives
wharf wharves|wolf wolves|woman women`);

export const IRREGULAR_ADJECTIVES = rows(`
good better best|well better best|bad worse worst|badly worse worst|ill worse worst|far farther farthest
much more most|many more most|little less least|old older oldest`);

function rows(table: string): string[][] {
  return table
    .trim()
    .split(/[|\n]/)
    .map((row) => row.split(' '));
}
