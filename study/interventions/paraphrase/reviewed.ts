import type { PartOfSpeech } from './wordnet.js';

/**
 * Stand-ins for the commonest words of formal and narrative prose, each read and judged by hand: words with too many
 * senses for WordNet's counts to settle on one. Lemmas, to be inflected; of two words the first takes the ending.
 */
const NOUNS = `tax levy|citizen resident|child youngster|system scheme|friend companion|feature trait
disposition inclination,temper|reference allusion|failure collapse,default|resolution resolve|belief conviction|conviction belief
proof evidence|pride dignity|pleasure delight|investigation inquiry,examination|collection gathering|gratitude thankfulness
attitude stance|leadership guidance|initiative enterprise|approval endorsement,sanction|dispute quarrel,controversy
resort recourse|stability steadiness|preparation readiness|restoration revival|compensation payment
destruction ruin|extension expansion,enlargement|election vote|solution answer|interference meddling|dream vision
treatment handling|shore coast|step measure|voyage journey|rank standing|vision sight
world globe|war conflict|law statute|act measure,statute
need requirement|treaty compact,pact|subject topic,matter|policy course|action step,move
trade commerce|commerce trade|hope aspiration,expectation|security safety|relation relationship,tie
life existence|legislation lawmaking|course path,line|attention notice,consideration
help aid,assistance|progress advance|report account|defense protection|freedom liberty|liberty freedom
consideration thought,attention|question issue,matter|convention agreement,compact|debt obligation,liability
measure step|support backing,aid|labor work,toil|justice fairness,equity|sea ocean|condition state,situation
claim demand|vessel ship|education schooling,instruction|resource asset|land territory|strength power,might
expenditure outlay,spending|cost expense,price|officer official|growth expansion,increase
prosperity well-being,affluence|character nature,quality|development growth,advancement|protection defense,safeguarding
case instance|production output|importance significance,weight|reason cause,ground|moment instant
reduction cut,decrease|intercourse communication|principle precept,tenet|form shape|welfare well-being,good
object aim,purpose|ship vessel|appropriation allocation,grant|problem difficulty,question|worker laborer
demand call,request|affair matter|circumstance condition|relief aid,assistance|establishment institution
faith trust,belief|settlement adjustment,resolution|territory land,region|provision stipulation,arrangement
result outcome,consequence|message communication|control command,mastery|construction building
cooperation collaboration|value worth|benefit advantage,gain|sum amount|safety security
recommendation proposal,suggestion|advantage benefit,gain|extent degree,measure|change alteration,shift
coast shore,seaboard|institution establishment|price cost|information intelligence,knowledge|desire wish,longing
success achievement,triumph|portion part,share|influence sway,effect|operation working,action|port harbor
position stand,standpoint|task job,undertaking|manner way,fashion|expense cost,outlay|exercise use
individual person|agreement accord,understanding|negotiation discussion,parley|crime offense,wrongdoing
independence sovereignty|navigation shipping|share part,portion|basis foundation,footing
efficiency effectiveness|ability capacity,capability|nature character|situation condition,position|ally partner,friend
example model,illustration|decision choice,determination|weapon arm|judgment opinion,discernment
satisfaction gratification,contentment|branch division|wisdom prudence,judgment|capacity ability|field area,sphere
friendship amity,goodwill|violence force,brutality|revenue income|difficulty problem,obstacle|event occurrence,happening
organization body,association|execution enforcement|arrangement plan,agreement
method procedure,technique|goal aim,objective|enemy foe|danger peril,hazard|competition rivalry
courage bravery,valor|connection link,relation|meeting gathering|knowledge understanding,learning
burden load,weight|recovery revival|jurisdiction authority|delay postponement|crisis emergency|limit bound
evil wrong,ill|promise pledge|commitment pledge,promise|conclusion end,close|conflict struggle,fight
wealth affluence,fortune|regret sorrow|regulation rule|corporation company|company firm|privilege prerogative
emergency crisis|harmony accord,concord|foundation basis,groundwork|recognition acknowledgment
management administration,direction|test trial|consent assent,agreement|flag banner|nation country|country nation,land
duty obligation|effort endeavor,exertion|purpose aim,goal|program plan|opportunity chance|improvement betterment
family household|opinion view,judgment|enterprise undertaking,venture|spirit temper,mood|history past
investment outlay|administration management|employment work|confidence trust,faith|protest objection|fear dread
trouble difficulty|struggle fight,battle|battle fight,combat|soldier fighter|leader chief,head
injury harm,damage|loss deprivation|answer reply,response|idea notion,thought|thought idea,notion|view opinion,outlook
hostility animosity|sentiment feeling|feeling sentiment,emotion|reform improvement,change
responsibility duty,obligation|aggression attack,hostility|achievement accomplishment,feat|threat menace,danger
challenge test,trial|amount quantity,sum|increase rise,gain|supply stock,store
area region,zone|region area,district|boundary border,frontier|frontier border,boundary|river stream|road highway
farmer grower|market marketplace|industry business|factory plant,mill|plan scheme,design|project undertaking
student pupil|doctor physician|teacher instructor,educator|face countenance
boat craft|captain skipper|sailor seaman,mariner|storm tempest|wind breeze|wave billow|deck planking
morning daybreak|door doorway|house dwelling|creature beast,being|stranger newcomer|companion comrade
sight spectacle,view|sort kind|kind sort|place spot|fortune luck|mystery riddle,enigma
horror terror,dread|wonder marvel|silence quiet,stillness|expectation hope
inhabitant resident|wish desire|intention purpose,aim|request petition|proposal proposition,suggestion|proposition proposal
pledge promise|vote ballot|society community|community society|citizenship nationality|hardship privation,difficulty
poverty want,need|disease illness,sickness|discussion debate|debate discussion
doctrine teaching,principle|tradition custom|standard norm,criterion|degree extent
deficiency shortage,lack|excess surplus|surplus excess|deficit shortfall
instrument tool,means|tool instrument|proportion share,ratio|majority plurality|item article
section part|clause article|gentleman fellow|lad boy|boy lad|beginning start,outset
income revenue|payment remittance|consequence result,effect
source origin|origin source|quality standard|quantity amount|instance case|direction course
motion movement|tendency inclination,trend|trend tendency|assistance help,aid|aid help,assistance
violation breach,infringement|breach violation|property possession|possession holding
convenience ease|comfort ease|happiness joy,felicity|joy delight|sorrow grief|grief sorrow|anger wrath|rage fury`;
const VERBS = `say declare,state|assure promise|stop halt|hear listen to|love cherish|try attempt|live dwell|contemplate consider
negotiate arrange|ratify confirm|undertake attempt|renew resume,restore|concern regard|designate name|render give,make
design plan,intend|realize understand,grasp|issue publish|manifest show,display|add append|entertain harbor|suspend halt,stop
resume renew|provide furnish|move shift|prosper thrive|flourish thrive|multiply increase
give grant,afford|know understand,realize|believe think,feel|find discover
think believe|use employ|increase enlarge|receive obtain|secure obtain,gain|seem appear|appear seem
maintain preserve,uphold|protect defend,guard,shield|remain stay|require need,demand|produce yield,generate
submit present|build construct|create form,produce|propose suggest|reduce lessen,cut,decrease|adopt embrace,accept
change alter|afford provide,furnish|desire wish,want|complete finish|reach attain|prepare ready|present offer
authorize empower,permit|improve better,enhance|establish create,set up|estimate reckon|send dispatch,forward
recommend advise,propose|express voice,state|consider weigh,examine|urge exhort|grow expand,increase
enable allow,permit|declare announce,proclaim|communicate convey,transmit|regret lament,deplore|sustain support,uphold
affect influence,touch|include embrace|show demonstrate,reveal|obtain gain,acquire,secure|invite ask
approve endorse|settle resolve|strengthen reinforce,fortify|encourage foster,promote|help assist,aid|provide furnish,supply
prevent avert,stop|accomplish achieve,attain|achieve accomplish,attain|permit allow,let|allow permit|begin start,commence
start begin,commence|stop halt,cease|fight battle|destroy ruin,wreck|defend protect,guard|support back,uphold|want wish
buy purchase|choose select,pick|deserve merit|win gain|lead guide|face confront|gather collect,assemble|collect gather
appoint name,designate|attempt try|try attempt|discharge perform,fulfill|perform do,execute|remove withdraw,eliminate
discover find|perceive see,observe|look gaze,glance|cry shout,exclaim|shout cry|seize grasp,grab|speak talk|cause produce,create
extend expand,stretch|continue persist,go on|seek try|meet encounter
protest object|demand insist on|suppose assume,presume|imagine suppose,picture|wish desire,want|trust hope
promote advance,further|ensure guarantee,secure|guarantee assure|diminish lessen,reduce|lower reduce,cut
expand enlarge,widen|enlarge expand,extend|restore renew,reestablish|preserve keep,maintain|conduct carry on,manage
manage run,handle|direct order|determine decide,settle|decide determine,resolve|resolve decide|agree concur
refuse decline|reject refuse,spurn|acquire obtain,gain|possess own,have|involve entail
employ use|apply use|exercise use,wield|enforce uphold,apply|execute carry out,perform|fulfill meet,satisfy
satisfy content,please|justify warrant|deem consider,judge|judge deem|regard consider,view|consider regard,deem
observe notice,see|notice observe,see|mention cite|cite mention|refer allude|explain clarify|describe depict,portray
suggest propose|indicate show,signal|reveal disclose,show|disclose reveal|demonstrate show,prove
transmit send,forward|transfer move,shift|forward send,transmit|lay put,place|place put,set|put place,set|set put,place
attack assail,assault|threaten menace,endanger|invade overrun|conquer vanquish|defeat beat,vanquish|kill slay
save rescue|rescue save|suffer endure|endure bear|bear carry|impose levy,inflict|levy impose|collect gather
lessen reduce,diminish|cease stop,end|end finish,conclude|finish complete,end|terminate end|conclude end,close|close shut
join unite|unite join,combine|combine join,unite|separate divide,part|divide split,separate
return come back,go back|arrive come|depart leave|leave quit|follow pursue|pursue follow|chase pursue
rush dash|hurry hasten|throw hurl,toss
hurl throw,fling|strike hit|hit strike|pull tug,haul|lift hoist
teach instruct|study examine|examine study,inspect|inspect examine|investigate examine,look into
work labor,toil|labor work,toil|earn gain,make|spend expend,use|invest put
cut trim,slash|share divide|develop evolve,expand|advance progress|progress advance|love cherish
hate detest,loathe|fear dread|admire esteem|honor respect|respect honor|praise commend,laud|celebrate mark,honor|welcome greet
remember recall|forget overlook|recognize acknowledge,see|acknowledge admit,recognize|admit concede,grant|deny refuse
insist maintain|claim assert,maintain|assert declare,claim|announce declare,proclaim|proclaim announce,declare
address speak to|reply answer,respond|answer reply,respond|utter speak,voice|exclaim cry,shout|whisper murmur|murmur whisper
occur happen|happen occur|arise spring up,originate|result follow|live dwell
hold keep,retain|retain keep,hold|stay remain
adjust settle,arrange|arrange settle,organize|organize arrange,form|form shape,make|constitute form,make up|compose form
assemble gather,meet|enact pass,adopt|repeal revoke,rescind|amend change,alter|modify change,alter|alter change,modify
confer bestow,grant|bestow confer,grant|grant give,allow|furnish supply,provide|supply furnish,provide|deliver hand over
expend spend|augment increase|facilitate ease|hinder hamper,impede|avoid escape,shun|escape flee,evade|overcome conquer,surmount
congratulate compliment|rejoice exult|pray beg|beg implore,entreat|entreat beg,implore|solicit request,ask`;
const ADJECTIVES = `whole entire|military armed|free unfettered|valuable precious,useful
indispensable essential|active busy,energetic|legitimate lawful|worthy deserving|sudden abrupt|unnecessary needless
stable steady|productive fruitful|daily everyday|significant important|dead lifeless|hard tough|tough hard
unusual uncommon,rare|great considerable|new fresh|necessary required,essential|important significant,weighty
economic financial|full complete|high elevated|possible feasible|proper fitting,appropriate,suitable
strong powerful,robust|special particular|friendly cordial,amicable|existing present,current|domestic internal
different differing,distinct|effective effectual|real true,genuine|true real,genuine|annual yearly|additional further,extra
ready prepared|young youthful|fair just,equitable|major principal,main|large big,sizable|previous earlier,prior
various diverse,several|current present|sufficient adequate|adequate sufficient|serious grave,weighty|short brief
satisfactory acceptable,gratifying|mutual reciprocal|particular special,specific|essential vital|personal private
favorable propitious|basic fundamental|modern contemporary|ordinary usual,common|wise prudent,sensible
successful thriving|immediate prompt,instant|careful thorough|similar comparable|vital essential,crucial
liberal generous|agricultural farming|substantial considerable|useful helpful,valuable|temporary provisional
responsible accountable|desirable advisable|earnest sincere,serious|honest upright,truthful|happy fortunate,glad|safe secure
steady constant|strange odd,curious|extraordinary exceptional,remarkable|considerable sizable,substantial
powerful mighty,strong|critical crucial|willing ready,prepared|distant remote,faraway|comprehensive thorough,sweeping
universal general|rapid swift,quick|generous liberal|gratifying pleasing,satisfying|expedient advisable|entire whole
beautiful lovely,handsome|dark dim,gloomy|quiet calm,still|clear plain,evident|grateful thankful
peaceful tranquil,pacific|abundant plentiful,ample|constant steady,continual|commercial trading,mercantile
legislative lawmaking|broad wide|wide broad|small little|poor needy|rich wealthy|wealthy rich,affluent
brave courageous,bold|bold daring,brave|noble lofty|grand great,majestic|mighty powerful|cruel brutal|savage fierce,wild
wild savage,untamed|mad insane,crazed|sad sorrowful|glad happy,pleased|pleased glad,happy|angry furious|silent quiet,mute
calm quiet,still|swift fast,rapid|slow sluggish|bright brilliant,shining|pale wan|cold chilly|warm heated
private personal|principal chief,main|chief main,principal|main chief,principal|former earlier
future coming|present current|complete full,thorough|perfect flawless
permanent lasting|prosperous thriving,flourishing|industrious hardworking|deliberate careful|solemn grave
evident plain,clear|obvious plain,clear|apparent evident,clear|difficult hard|easy simple
simple plain,easy|vast huge,immense|huge vast,immense,enormous|immense vast,huge|enormous vast,huge|fundamental basic
internal domestic|external outside,outer|moral ethical|just fair,right|unjust unfair|lawful legal
legal lawful|sacred holy|eternal everlasting|ancient old|famous celebrated,renowned|excellent fine,splendid|fine splendid
bad poor|terrible dreadful,awful|dreadful terrible,awful|awful dreadful|dangerous perilous,hazardous
perilous dangerous|urgent pressing|prompt speedy,quick|speedy quick,prompt|ample abundant,plentiful|continued continuing
increased greater,larger|growing rising|appropriate fitting,suitable|suitable fitting,appropriate|available at hand
reasonable sensible,fair|practicable feasible|beneficial helpful,advantageous|advantageous beneficial,favorable
injurious harmful|harmful injurious|hostile unfriendly|faithful loyal|loyal faithful|patriotic public-spirited|zealous eager
eager keen|earnest sincere|sincere heartfelt,genuine|cordial warm,friendly|kind kindly|gentle mild|mad crazed|curious odd
peculiar odd,strange|singular remarkable,strange|odd strange,curious|mere simple|sole only
several various|extensive wide,broad|increasing growing|respective several
efficient capable|competent capable|greater larger|best finest|highest loftiest|nuclear atomic`;
const ADVERBS = `soon shortly|greatly considerably|fully completely,entirely|clearly plainly,evidently|promptly quickly,swiftly
indeed truly|sometimes occasionally,at times|largely mainly|finally at last|recently lately|carefully closely|slowly gradually
suddenly abruptly,all at once|easily readily|quickly rapidly,swiftly|really truly,actually|simply merely
certainly surely,assuredly|generally usually,commonly|successfully with success|forward onward|directly straight|rapidly quickly,swiftly
frequently often|usually commonly,generally|commonly usually,generally|constantly continually|continually constantly
gradually slowly,by degrees|immediately at once,without delay|instantly at once|speedily quickly,promptly|readily easily,willingly
properly rightly,fitly|strongly firmly|firmly steadfastly|deeply profoundly|highly greatly|widely broadly|heartily warmly
earnestly sincerely|seriously gravely|solemnly gravely|respectfully with respect|faithfully loyally|effectively with effect
substantially considerably|materially considerably|particularly especially|especially particularly|exactly precisely
precisely exactly|merely simply|nearly almost|almost nearly|equally alike|apparently seemingly|evidently plainly,clearly
obviously plainly,clearly|happily fortunately|fortunately happily|unfortunately sadly|doubtless no doubt|lately recently
originally initially|formerly previously|previously earlier,before|afterwards later|eventually in the end|presently shortly
quite altogether|wholly entirely,fully|completely entirely,fully|totally entirely|absolutely utterly|utterly completely
steadily constantly|quietly calmly,silently|silently quietly|calmly quietly|wildly madly|swiftly rapidly,fast|sooner earlier
hardly scarcely|scarcely hardly|seldom rarely|rarely seldom|everywhere on every side|ultimately in the end|annually yearly`;
const REVIEWED = new Map<string, readonly string[]>();
for (const [part, table] of Object.entries({
  noun: NOUNS,
  verb: VERBS,
  adjective: ADJECTIVES,
  adverb: ADVERBS,
}) as [PartOfSpeech, string][]) {
  for (const entry of table.split(/[|\n]/)) {
    const at = entry.indexOf(' ');
    const name = `${part}:${entry.slice(0, at)}`;
    const known = REVIEWED.get(name) ?? [];
    REVIEWED.set(name, [...new Set([...known, ...entry.slice(at + 1).split(',')])]);
  }
}
/** The lemmas that stand in for `lemma` in the reviewed tables; none when it has no entry. */
export function reviewedFor(lemma: string, part: PartOfSpeech): readonly string[] {
  return REVIEWED.get(`${part}:${lemma}`) ?? [];
}
