import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FailureData } from "../../../shared/failure.ts";
import { failureText } from "../../i18n/failure-text.ts";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { SkeletonBar, useLate } from "./skeleton.tsx";

export type ListState = {
  readonly loaded: boolean;
  /** Why nothing could be loaded. */
  readonly failure: FailureData | null;
  /** The heading over that reason. */
  readonly failed: string;
  readonly onTryAgain: () => void;
  /** What is being loaded, for those who hear it. */
  readonly loading: string;
  /** Shown instead of the list when there is nothing in it. */
  readonly empty: ReactNode | null;
  readonly children: ReactNode;
};

/** A list, or what stands in its place: why it cannot be read, that it is being read, that it is empty. */
export function ListOrState({ loaded, failure, failed, onTryAgain, loading, empty, children }: ListState): ReactNode {
  const { t } = useTranslation("common");
  const late = useLate(!loaded);
  if (loaded) return empty ?? children;
  if (failure !== null) {
    return (
      <EmptyState icon={CircleAlert} title={failed} action={<Button onPress={onTryAgain}>{t("tryAgain")}</Button>}>
        {failureText(failure)}
      </EmptyState>
    );
  }
  return (
    <div className="list-waiting" role="status" aria-label={loading}>
      {late &&
        [320, 260, 340, 220].map((width) => (
          <div key={width}>
            <SkeletonBar width={width} height={12} />
            <SkeletonBar width={width * 0.6} />
          </div>
        ))}
    </div>
  );
}
