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
  const before = Object.entries(left);
  const after = new Map<string, unknown>(Object.entries(right));
  return before.length === after.size && before.every(([key, value]) => Object.is(value, after.get(key)));
}
