//! A twin that compiles and fails when it is run.
//! rows: 1
//@revisions: right wrong
//@[right] run

fn main() {
    let text = String::new();
    drop(text);
    #[cfg(wrong)]
    println!("{text}"); //~[wrong] E0382
    assert_eq!(1, 2);
}
