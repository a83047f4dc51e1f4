import { answerOf, client } from '../../data/api.js';
import { useAnswer } from '../../data/use-answer.js';

/** The training texts nearest to a place of the map. */
export function NearbyTexts({ projection, at: [x, y] }: { projection: string; at: [number, number] }) {
  const near = useAnswer(JSON.stringify([projection, x.toFixed(4), y.toFixed(4)]), (signal) => {
    const params = { path: { name: projection }, query: { x: x.toFixed(6), y: y.toFixed(6), texts: '3' } };
    return answerOf(client.GET('/projections/{name}/texts', { params, signal }));
  });
  if (!near.data) return null;
  return (
    <div class="tooltip nearby">
      {near.data.texts.map(({ document, text }, i) => (
        <p key={i}>
          <bdi class="muted">{document}</bdi> <bdi>{text.length > 140 ? `${text.slice(0, 140)}…` : text}</bdi>
        </p>
      ))}
    </div>
  );
}
