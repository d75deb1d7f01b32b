import i18next from "i18next";
import { TriangleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";

type Props = {
  readonly children: ReactNode;
  /** What it holds is a page: then it says so as one, where a screen reader looks for it. */
  readonly page?: boolean;
};

/**
 * Catches what a part of the window throws while it is drawn, so that the rest stays in use: nothing is lost by it, drafts are
 * saved as they are typed and the engine goes on.
 */
export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override readonly state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    const words = (
      <div role="alert">
        <EmptyState
          heading={this.props.page === true ? "h1" : "h2"}
          icon={TriangleAlert}
          title={i18next.t("common:brokenTitle")}
          action={<Button onPress={() => this.setState({ broken: false })}>{i18next.t("common:brokenAgain")}</Button>}
        >
          {i18next.t("common:brokenText")}
        </EmptyState>
      </div>
    );
    return this.props.page === true ? <main>{words}</main> : words;
  }
}
