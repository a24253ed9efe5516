import { Component, createElement, type FunctionComponent, type VNode } from 'preact';

/** A component that renders again only when a property is another value (or says another thing, by `same`). */
export function memo<P extends object>(
  inner: FunctionComponent<P>,
  same: (before: P, after: P) => boolean = identical,
): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props, next);
    }
    override render(): VNode {
      return createElement<P>(inner as FunctionComponent<unknown>, this.props) as VNode;
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

function identical<P extends object>(before: P, after: P): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof P>;
  return [...names].every((name) => Object.is(before[name], after[name]));
}
