/** Words that WordNet's common senses mislead on in this kind of prose: neither replaced nor put in. */
export const BLOCKED: ReadonlySet<string> = new Set(
  `yr hr countenance title entitle percentage percent serenity assurance confidence concluding drop lb fig gun artillery rail railing teener bump diagram compound enthrone vested haul cart scud scoot dash boundary bounds customs guide directed following recreational amateur generation campaign economical crystallize instal fulfil enrol analyse honour theatre despatch centre good well little but alone too like enough do
  say tell go get be have make person someone mortal minor kid fella lad cuss fellow name class state force report place
  put lay position mouth real done through before after about within along away above down off on forth as except
  given going being leaving needs throttle coerce crook plank stairs steps workout luck circumstances supra parson
  pastor minister psyche stick found regime craft trade potency growing maturation zero laurels hurt departure works
  plant board union united commission committee authorities dwelling abode home youngster salvage save reason conclude
  colony settlement product merchandise reward honor contrive design faith religion insure assure ensure stuff material
  merge relate link associate appropriate reserve discard dispose bask relish savor enjoy attest certify deposit border
  surround precede forego detect mind speak placed through bulk majority task project tend incline bid command
  accommodate adapt dictate apprehension understanding race grounds evidence straight fright trouble commonwealth
  populate live settle render authority granted fast pen write coach director negro colored queer funny cows oxen
  cattle java coffee spouse pardner partner honey dear miss girl sidestep skirt goof licking defeat strip deprive curse
  oath surmise ism tending haggard worn drawn genetic jutting taste preference spy spot eyesight dirt soil hunch ammo
  wire telegraph weight range compass rivet focus center auto shenanigan mischief nab arrest complaint ailment pathetic
  piteous publicity promotion exclaim tomb grave reserves militia snub brood dwell trustworthy sure debut introduction
  image picture part figure number order rest matter case point line light course service charge subject object interest
  right rights left present means mean account bill act house bank note bond issue general common party head hand
  hands body eye eyes face side foot ground run hold draw break turn stand sit set pass bear take give keep let come
  look see leave carry fall raise rise stay try kind sort cast strike cross fire shot play drive fit suit match
  bound spring leap bit pay wage wages salary earnings profits profit stock capital wood woods forest swamp flood
  pretty pause fashion style mode sign ratify stay perish decease expire die steam steamer deviate divert genial
  commonly proud stress foil thwart lure seat goods papers document terms footing outlook expectation spur
  obligated credo creed pool print publish strain rip rend brook suffer hint pant arms arm munition man men woman
  women people god lord sir soul heart spirit inhabit steady bend yoke lot long short high low deep mint outdoors
  outside inside interior abroad overseas mood climate postulate contend consumption uptake intake opposition exotic alien
  radical revolutionary backing patronage compass scope wakeful vigilant halfway middle midway elevation raising
  beyond extenuate mitigate merchandising marketing selling numbering counting count enjoin call fatigued spent
  exhausted poignant touching affecting sorry myriad handicap disability handicapped disabled redoubtable speculation
  guess embodied corporate tour circuit antagonist opponent adversary dressing band circle coalesce mix fuse swell
  ordain enact sanction approve reward locality depository repository swift fleet sober solemn noble imposing
  nationalism patriotism attached connected engage pursue engagement consist comprise contain hold reckon guess
  involve demand claim fine story narrative tale fellow chap seed stern bow deck hull mast captain mate chief iron
  salt sound sail wind wake watch crew whale fish boat ship vessel craft fear dread view sense level degree pattern
  practice exercise facility installation agency bureau territory district province region incorporate receipts
  revenue excess surplus extra redundant deficit shortage transfer transportation hour minute second month week day
  year today tomorrow yesterday morning evening night time times world earth globe land sea water air way ways
  hitherto yet presently soon likely apt ready prepare procure sole exclusive especial exceptional embrace employ
  apply view regard consider appear inherit seem exert challenge dispute advance improvement grade element center
  equity par equality slow slowly easy easily quick quickly full fully prompt discover observed discovered announced
  ascertained cherished precious beloved wanted forgotten advise counsel notify lend loan contribute quit demonstrate
  prove test tested tried speed rush hasten tender pertain concern dedicate commit devote espouse adopt`.split(
    /\s+/,
  ),
);
