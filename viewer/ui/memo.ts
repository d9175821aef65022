import {
  Component,
  type ComponentChildren,
  type ComponentType,
  createElement,
  type FunctionComponent,
} from "preact";

/** A component that is drawn again only when a prop is another value. */
export function memo<Props extends object>(draw: FunctionComponent<Props>): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      return !sameProps(this.props, next);
    }
    override render(props: Readonly<Props>): ComponentChildren {
      return createElement(draw, props);
    }
  };
}

function sameProps(left: object, right: object): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) {
    const before: unknown = Reflect.get(left, key);
    const after: unknown = Reflect.get(right, key);
    if (!Object.is(before, after)) return false;
  }
  return true;
}
