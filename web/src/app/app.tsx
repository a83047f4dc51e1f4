import { useEffect } from 'preact/hooks';
import type { Study } from '../../../client/index.js';
import { answerOf, client } from '../data/api.js';
import { StudyContext } from '../data/study.js';
import { useAnswer } from '../data/use-answer.js';
import { Answered, Missing } from '../parts/message.js';
import { Ask } from '../views/ask/ask.js';
import { Coverage } from '../views/coverage.js';
import { Explore } from '../views/explore/explore.js';
import { Interventions } from '../views/interventions/interventions.js';
import { MapView } from '../views/map/map.js';
import { Overview } from '../views/overview/overview.js';
import { QueryDrawer } from '../views/query/query.js';
import { Runs } from '../views/runs.js';
import { Header } from './header.js';
import { NavigationContext, useNavigation, useUrlState } from './navigation.js';
import type { View } from './state.js';

const PAGES: Record<View, () => preact.JSX.Element> = {
  overview: Overview,
  explore: Explore,
  map: MapView,
  coverage: Coverage,
  interventions: Interventions,
  runs: Runs,
};

/** The page of a study. */
export function App() {
  const navigation = useUrlState();
  const asked = useAnswer('study', (signal) => answerOf(client.GET('/study', { signal })));
  const { state, go } = navigation;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      if (state.query !== null) go({ query: null });
      else if (state.region !== null || state.lasso !== null) go({ region: null, lasso: null });
      else if (state.ask !== '') go({ ask: '' });
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [state, go]);
  return (
    <NavigationContext.Provider value={navigation}>
      <Answered asked={asked} what="the study">
        {(study) => (
          <StudyContext.Provider value={study}>
            <Header />
            <Ask />
            <main id="view">
              <Page study={study} />
            </main>
            <QueryDrawer />
          </StudyContext.Provider>
        )}
      </Answered>
    </NavigationContext.Provider>
  );
}

function Page({ study }: { study: Study }) {
  const { state } = useNavigation();
  const missing = whatIsMissing(study);
  if (missing) {
    return (
      <Missing title={missing[0]} command="densimeter run study.yaml">
        {missing[1]}
      </Missing>
    );
  }
  const View = PAGES[state.view];
  return <View key={state.view} />;
}

function whatIsMissing({ corpora, querySets, measurements }: Study): [string, string] | undefined {
  if (corpora.length === 0) return ['The study is empty', 'No corpus has been indexed.'];
  if (querySets.every(({ queries }) => queries === 0)) return ['No queries yet', 'The corpora are indexed.'];
  if (measurements.length === 0) return ['Nothing measured yet', 'No density has been estimated.'];
  return undefined;
}
