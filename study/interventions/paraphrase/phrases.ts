/**
 * Phrases of formal prose with others that say the same: `a = b` goes both ways, `a > b | c` only to the right.
 * Matched as whole words in lower case, or with the first letter a capital, which is kept.
 */
const TABLE = `
in order to > to | so as to
it is necessary to = it is needful to
it is important to = it is essential to
it is hoped that > one hopes that
it is believed that > it is thought that
it is to be hoped that > we may hope that
it is well known that > it is common knowledge that
it gives me pleasure to > i am pleased to
i am happy to > i am glad to | i am pleased to
i am glad to > i am happy to | i am pleased to
i have the honor to > it is my honor to
i have no doubt that > i am sure that
i have no doubt > i am certain
there is no doubt that > it is certain that
there is reason to believe that > there is ground for thinking that
in regard to > with respect to | concerning
with regard to > with respect to | concerning
with respect to > in regard to | concerning
in relation to > with regard to | concerning
in respect to > with regard to | as regards
in addition to > besides | over and above
in accordance with > in keeping with | in conformity with
in conformity with > in accordance with | in keeping with
in consequence of > as a result of | because of
as a result of > in consequence of | owing to
on account of > because of | owing to
by reason of > because of | on account of
because of > owing to | on account of
by means of > through the use of
by virtue of > in virtue of
in spite of > despite
despite > in spite of
notwithstanding > in spite of | despite
in favor of > in support of
in behalf of > on behalf of
on behalf of > in behalf of
for the purpose of > with the aim of | with the object of
with a view to > with the aim of
in the course of > during
during the course of > during
at the present time > at present | now
at this time > now | at present
at the present moment > right now
at present > at this time
in the near future > before long
in the future > in time to come
in recent years > in the last few years | over recent years
during the past year > in the past year | over the last year
during the last year > in the past year | over the past year
during the present year > in the current year | in this year
from time to time > now and then | at intervals
at all times > always
as soon as > once
as long as = so long as
so far as > insofar as
a large number of > a great many
a great number of > a large number of
a number of > several
a great deal of > a good deal of
a majority of > most of
all of the > all the
each of the > every one of the
the whole of > all of
the people of this country > the people of this land
due to the fact that > because
in the event that > if
in case of > in the event of
provided that > on condition that
in the absence of > without
in view of > considering | in the light of
in the face of > confronted with
in place of = in lieu of
instead of > in place of | rather than
prior to > before
previous to > before
subsequent to > after | following
for example = for instance
in fact > indeed | in truth
of course > naturally
in general > generally
in particular > particularly
at once > immediately | without delay
at last > finally
as yet > so far | up to now
is able to > can
are able to > can
is unable to > cannot
are unable to > cannot
has to > must
need to > have to
we must > we have to | we need to
we should > we ought to
we can > we are able to
ought to > should
should be > ought to be
should not be > ought not to be
cannot be > can not be
i hope > it is my hope
i believe > i think | i am of the opinion
i think > i believe
i trust > i am confident
i recommend > i advise | i urge
call upon = call on
carry out > put into effect
take place > occur
took place > occurred
taken place > occurred
takes place > occurs
set forth > laid out
take care of > look after
make use of > use | employ
put an end to > stop | end
bring about > cause
the united efforts > the joint efforts
my fellow citizens > my countrymen
upon > on
shall > will
among = amongst
until = till
toward = towards
because > since | for the reason that
although > though
even though > although
, but > , yet
therefore > hence | for that reason
thus > in this way
however > nevertheless | even so
moreover > furthermore | what is more
furthermore > moreover
also > likewise
perhaps > maybe | possibly
very > extremely | most
many > numerous
several > a number of
various > different
almost > nearly
always > at all times
often > frequently | many times
again > once more
now > at present
soon > before long
together > jointly
throughout > all through
during > in the course of
concerning > in regard to | regarding
regarding > concerning
every > each
sufficient > enough
similar > comparable
further > additional
additional > further | extra
the present > the current
the existing > the present
the past year > the last year
the last year > the past year
the following > the next
annual > yearly
important > significant
necessary > required
entirely > wholly | altogether
especially > particularly | above all
chiefly > mainly | mostly
merely > only
likely to > apt to
tonight > this evening
a few > some
on the contrary > quite the opposite
on the other hand > by contrast
on the whole > all in all
upon the whole > on the whole
to be sure > certainly
that is to say > in other words
as if = as though
no doubt > doubtless | undoubtedly
in short > in brief
in this way > thus
in this manner > in this way
for this reason > therefore
for many years > over many years
for some time > for a while
all over the world > throughout the world
throughout the world > all over the world | around the globe
around the world > across the globe | throughout the world
in the world > on earth
in the midst of > amid
by the side of > beside
a sort of > a kind of
a kind of > a sort of
as it were > so to speak
at any rate > in any case
in any case > at any rate
by no means > not at all
all at once > suddenly
for the most part > mostly
here and there > in places
the greater part of > most of
there is no > there is not any
there are no > there are not any
there was no > there was not any
there were no > there were not any
those who > the people who
those which > the ones that
all these > all of these
all this > all of this
all our > all of our
all those > all of those
each > every
by which > whereby
in which > wherein
such as > like
this nation > this country
this country > this nation
our nation > our country
our country > our nation
years ago > years back
do not have > lack
our people > our citizens
let us > we should
want to > wish to
are going to > will
is going to > will
a lot of > a great deal of
lots of > plenty of
make sure > ensure
once again > once more
right now > at present
get rid of > do away with
in a moment > in an instant
for a moment > for an instant
at the same time > meanwhile
so as to > in order to
round the > around the
ere > before
beneath > under
near the > close to the
along with > together with
inasmuch as > since
of late > lately
by this time > by now
with all > with all of
seemed to be > appeared to be
in the same way > likewise
if we are to > if we want to
it is time to > the time has come to
it seems to me > it appears to me
it appears that > it seems that
from that time > since then
up to this time > until now
up to the present time > until now
over the past > during the last
over the last > during the past
over the next > during the next
in the past > in former times
as a nation > as a people
it is our duty to > we are bound to
it is my duty to > i am bound to
i propose to > i intend to
i intend to > i mean to
i am confident that > i am sure that
i am confident > i am sure
i am convinced that > i am sure that
i am convinced > i am sure
i am sure > i am certain
i said > i remarked
we need > we require
we have to > we must
we will > we are going to
we are determined > we are resolved
more and more > increasingly
less and less > decreasingly
year after year > from one year to the next
day after day > from day to day
day by day > from day to day
side by side > shoulder to shoulder
step by step > by degrees
little by little > by degrees
hand in hand > side by side
no one > nobody
everyone > everybody
everybody > everyone
nobody > no one
anyone > anybody
someone > somebody
somebody > someone
only > solely
some > certain
last year > the previous year
the people of > the citizens of
the people who > those who
at that time > then
at a time when > when
for a long time > for many a day
every time > each time
foreign nations > other nations
foreign countries > other countries
foreign powers > other powers
so far > thus far
far more > much more
take up > consider
take action > act
take steps > act
already > by now
today > now | at present
have long > have for a long time
has long > has for a long time
most of the > the greater part of the
many of the > a good many of the
some of the > a few of the
all of us > every one of us
each of us > every one of us
should > ought to
should not > ought not to
would like to > wish to
in order that > so that
they can > they are able to
i can > i am able to
you can > you are able to
we cannot > we are unable to
they cannot > they are unable to
i cannot > i am unable to
they must > they have to
you must > you have to
i must > i have to
we must not > we should not
we should not > we ought not to
we will not > we are not going to
i will > i shall
will have to > must
of this kind > of this sort
this kind of > this sort of
may be > might be
and to > and also to
as much as > no less than
the same > the very same
at home and abroad > both at home and abroad
we know > we understand
all nations > all countries
other nations > other countries
any man > anybody
every man > each man
old man > aged man
by no means > in no way
go on > continue
went on > continued
going on > continuing
looked at > gazed at
looking at > gazing at
look upon > regard
looked upon > regarded
come to an end > end
came to an end > ended
all sorts of > all kinds of
over and over again > again and again
as before > as formerly
for ever > forever
as far as > so far as
the preceding year > the year before
the previous year > the year before
the number of > the total number of
the amount of > the total amount of
receipts > revenues
we believe > we think
in order for > for
to ensure that > to make sure that
in each > in every
which have been > that have been
which has been > that has been
the attention of > the notice of
our attention > our notice
the great majority of > the vast majority of`;

/** Phrases whose words are left alone, though parts of them are in the table. */
const KEPT = `not some|into effect|to good effect|very soon|so much as|both at home and abroad|what we can|all we can|what i can|all i can|what they can|as you can|as they can|as we can|and also|the very|do not have to|the only|not only|if only|only one|an only|only a few|some of|some time|some day|for some|some sort|some kind|some one|some way|should like|should any|should it|should the|should this|should we|should they|should he|should you|should there|should be so|if we should|if it should|if they should|if he should|lest it should|i should|we must never|we can never|we can no|we can only|we must always|we should never|we can not|we will never|so much moment|of moment|of some|to some|some ten|in some|what should|why should|how should|should i|not all|and to wit|to and|far and away|quite some|some other|and some|ever since|you must not|they must not|i must not|you can not|they can not|i can not|you can never|they can never|i can never|not only the|of the only|the very same|so many|how many|as many|too many|great many|very many|very much|very few|very little|once again
again and again|so very|every one|every other|together with|as a whole|thus far|too soon|how soon|so soon|as often|so often
however much|however great|now and then|now and again|the several|these several|many a|no further|further than|go further
and further|any further|just now|even now|until now|till now|upon which|upon whom|upon earth|each other|one another
whole world|on the part of|in the way of|by the way|by way of|all the way|on the way|in the name of|in point of|at hand|in this way|each and every|each of us|each of you|each year|as for|let us go|let us pray|such a|those who are|near the end|round the world|a few|a lot|no one else|by no means|in no way|in part|in order|in force|take part|took part|taken part|at issue|in question|in the case|in any event|in effect|in time|on time|at work|at war|at peace|at sea|in need|in use|set up|health care|child care|not necessary|if necessary|if not|of necessity|put an end|so important|as important|not always
as necessary|any such|as such|and so on|and so forth|at large|take advantage|as to|as for|by and by|up to`;

/** What each phrase may become. */
export const PHRASES: ReadonlyMap<string, readonly string[]> = readTable(TABLE, KEPT);

function readTable(table: string, kept: string): Map<string, string[]> {
  const phrases = new Map<string, string[]>();
  const add = (from: string, to: string[]) => phrases.set(from, [...(phrases.get(from) ?? []), ...to]);
  for (const line of table.trim().split('\n')) {
    const [from, sign, to] = line.split(/ ([=>]) /) as [string, string, string];
    add(from, to.split(' | '));
    if (sign === '=') add(to, [from]);
  }
  for (const phrase of kept.split(/[|\n]/)) if (!phrases.has(phrase)) phrases.set(phrase, []);
  return phrases;
}
