import type { Context } from 'koa';
import type { z } from 'zod';
import type { Page as RenderedPage, Renderer } from '../../http/render.ts';
import type { Screen } from './contract.ts';

interface Drawn<Facts extends z.ZodObject> extends Omit<RenderedPage, 'view' | 'stage' | 'facts'> {
  readonly facts: z.output<Facts>;
}

/** The one way to the renderer: what is drawn is a screen, and says what its schema has. */
export function draw<Facts extends z.ZodObject>(
  renderer: Renderer,
  ctx: Context,
  { screen, facts, ...page }: Drawn<Facts> & { readonly screen: Screen<Facts> },
): Promise<void> {
  const { view, stage } = screen;
  return renderer.page(ctx, { ...page, view, stage, facts: facts as RenderedPage['facts'] });
}
