export default function Page() {
  return <p>issue</p>;
}

export function getServerSideProps() {
  return { props: {} };
}
